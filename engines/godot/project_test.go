package godot

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/models"
)

const settings = "config_version=4\n\n[application]\n\nrun/main_scene=\"res://main.tscn\"\n"

func TestInspect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		root  string
		two   bool   // the engine packs twice
		want  string // of the message; "" when it is a project
	}{
		"a project":         {files: map[string]string{"project.godot": settings, "main.tscn": ""}},
		"in a folder":       {files: map[string]string{"game/project.godot": settings, "game/main.tscn": "", "README.md": ""}, root: "game"},
		"the least deep":    {files: map[string]string{"a/b/project.godot": settings, "z/project.godot": settings, "z/main.tscn": ""}, root: "z"},
		"names of classes":  {files: map[string]string{"project.godot": settings, "main.tscn": "", "a.gd": "extends Node\nclass_name Thing\n"}, two: true},
		"a path without":    {files: map[string]string{"project.godot": strings.Replace(settings, "res://", "", 1), "main.tscn": ""}},
		"Windows' lines":    {files: map[string]string{"project.godot": strings.ReplaceAll(settings, "\n", "\r\n"), "main.tscn": ""}},
		"no project":        {files: map[string]string{"main.tscn": ""}, want: "no project.godot"},
		"Godot 4":           {files: map[string]string{"project.godot": strings.Replace(settings, "=4", "=5", 1)}, want: "of Godot 4"},
		"Godot 2":           {files: map[string]string{"project.godot": strings.Replace(settings, "=4", "=3", 1)}, want: "another config_version"},
		"no version":        {files: map[string]string{"project.godot": "[application]\n"}, want: "no config_version"},
		"no main scene":     {files: map[string]string{"project.godot": "config_version=4\n"}, want: "no run/main_scene"},
		"a scene elsewhere": {files: map[string]string{"project.godot": settings}, want: "main.tscn"},
	} {
		var files []models.File
		for path, text := range c.files {
			files = append(files, models.File{Path: path, Data: []byte(text)})
		}
		p, err := inspect(files)
		switch {
		case c.want != "":
			if models.CodeOf(err) != models.CodeInvalidFiles || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil || p.root != c.root || p.classes != c.two:
			t.Errorf("%s: %+v %v", name, p, err)
		}
	}
}

// What a project's own preset says of files is kept; nothing else of it is.
func TestPreset(t *testing.T) {
	t.Parallel()
	theirs := "[preset.0]\ninclude_filter=\"levels/*.lvl\"\nexclude_filter=\"drafts/*\"\nplatform=\"Windows Desktop\"\n" +
		"custom_template/release=\"/bin/sh\"\n"
	files := []models.File{{Path: "project.godot", Data: []byte(settings)}, {Path: "main.tscn"}, {Path: presetsName, Data: []byte(theirs)}}
	plan, err := Engine{}.Plan(engines.BuildRequest{Files: files, Mode: engines.Release})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range plan.Command.Files {
		if f.Path != presetsName {
			continue
		}
		text := string(f.Data)
		for _, want := range []string{", levels/*.lvl\"\n", ", drafts/*\"\n", "custom_template/release=\"" + runner + "\""} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		if strings.Contains(text, "Windows") || strings.Contains(text, "/bin/sh") || strings.Contains(text, "{{") {
			t.Errorf("preset\n%s", text)
		}
		return
	}
	t.Error("the plan writes no preset")
}

// Whatever the words of a design, they stay texts in the files that they are written to.
func TestStarterQuotes(t *testing.T) {
	t.Parallel()
	d := enginetest.Design(engines.GenrePuzzle)
	d.Title, d.Prompt, d.Hero = `A "\n" \`, "\"]\nconst X = 1\n# {{title}} <b>", `\"`
	files, err := Engine{}.Starter(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		switch f.Path {
		case "design.gd":
			for _, want := range []string{`const TITLE = "A \"\\n\" \\"` + "\n", `const PROMPT = "\"] const X = 1 # {{title}} <b>"` + "\n", `const HERO = "\\\""` + "\n"} {
				if !strings.Contains(string(f.Data), want) {
					t.Errorf("no %s in\n%s", want, f.Data)
				}
			}
		case settingsName:
			if want := `config/name="A \"\\n\" \\"` + "\n"; !strings.Contains(string(f.Data), want) {
				t.Errorf("no %s in\n%s", want, f.Data)
			}
		case "README.md":
			if strings.Contains(string(f.Data), "<b>") || strings.Contains(string(f.Data), "{{goal}}") {
				t.Errorf("readme\n%s", f.Data)
			}
		}
	}
}
