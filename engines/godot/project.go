package godot

import (
	_ "embed"
	"path"
	"regexp"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Names of the outputs. The program looks for a pack of its own name beside it.
const (
	programName = "game"
	packName    = "game.pck"
	readmeName  = "README.txt"
)

const settingsName = "project.godot"

// project is how a Godot project is laid out.
type project struct {
	root    string // the folder of project.godot, "" for the project's own
	classes bool   // scripts have global names
	include string // what the project exports beside its resources, as its own preset says
	exclude string
}

var (
	configVersion = regexp.MustCompile(`(?m)^config_version=(\d+)[ \t]*\r?$`)
	mainScene     = regexp.MustCompile(`(?m)^run/main_scene="(?:res://)?([^"\r\n]*)"`)
	className     = regexp.MustCompile(`(?m)^class_name[ \t]`)
	included      = regexp.MustCompile(`(?m)^include_filter="([^"\\\r\n]*)"`)
	excluded      = regexp.MustCompile(`(?m)^exclude_filter="([^"\\\r\n]*)"`)
)

// inspect finds the project that is the least deep, and refuses what the engine could only fail at without a good word.
func inspect(files []models.File) (project, error) {
	var p project
	byPath := make(map[string][]byte, len(files))
	found := ""
	for _, f := range files {
		byPath[f.Path] = f.Data
		if path.Base(f.Path) == settingsName && (found == "" || shallower(f.Path, found)) {
			found = f.Path
		}
	}
	refuse := func(why string) (project, error) { return p, models.NewError(models.CodeInvalidFiles, why) }
	if found == "" {
		return refuse("nothing tells what the game is: the project has no " + settingsName)
	}
	if p.root = path.Dir(found); p.root == "." {
		p.root = ""
	}
	settings := byPath[found]
	switch m := configVersion.FindSubmatch(settings); {
	case m == nil:
		return refuse(found + " has no config_version: it is not a project of Godot 3")
	case string(m[1]) == "5":
		return refuse(found + " is of Godot 4; games are built with Godot " + Version)
	case string(m[1]) != "4":
		return refuse(found + " has another config_version than 4, which is Godot " + Version + "'s")
	}
	main := mainScene.FindSubmatch(settings)
	if main == nil {
		return refuse("nothing starts the game: " + found + " has no run/main_scene")
	}
	if _, ok := byPath[path.Join(p.root, string(main[1]))]; !ok {
		return refuse("the main scene " + engines.CleanText(string(main[1]), 80) + ", which " + found + " names, is not there")
	}
	for name, data := range byPath {
		p.classes = p.classes || path.Ext(name) == ".gd" && className.Match(data)
	}
	preset := byPath[path.Join(p.root, presetsName)]
	if m := included.FindSubmatch(preset); m != nil {
		p.include = string(m[1])
	}
	if m := excluded.FindSubmatch(preset); m != nil {
		p.exclude = string(m[1])
	}
	return p, nil
}

func shallower(a, b string) bool {
	if x, y := strings.Count(a, "/"), strings.Count(b, "/"); x != y {
		return x < y
	}
	return a < b
}

const (
	presetsName = "export_presets.cfg"
	// ours is a folder of the workspace that the engine does not look into, because of the dot.
	ours      = ".spark/"
	checkName = ours + "check.gd"
)

var (
	//go:embed check.gd
	check []byte
	//go:embed preset.cfg
	preset string
	//go:embed readme.txt
	readme string
)

// preset is the export preset that the platform writes. Scripts stay text: compiled ones run no faster, and the engine
// miscounts their lines when it complains of them.
func (p project) preset() []byte {
	include := "*.json, *.txt, *.csv, *.xml, *.cfg, *.ini, *.dat"
	if p.include != "" {
		include += ", " + p.include
	}
	exclude := ours + "*, " + presetsName
	if p.exclude != "" {
		exclude += ", " + p.exclude
	}
	return []byte(strings.NewReplacer("{{include}}", include, "{{exclude}}", exclude, "{{runner}}", runner).Replace(preset))
}

func (p project) plan(req engines.BuildRequest) engines.Plan {
	at := path.Join("{project}", p.root)
	folder := ""
	if p.root != "" {
		folder = p.root + "/"
	}
	godot := func(args ...string) engines.Step {
		return engines.Step{Argv: append([]string{server}, args...), Dir: at,
			Env: []string{"LANG=en_US.UTF-8", "SPARK_FOLDER=" + folder}}
	}
	var steps []engines.Step
	if p.classes {
		// The engine learns the global names while it packs, and needs them before.
		steps = append(steps, godot("--path", at, "--export-pack", "spark", "{work}/tmp/first.pck"))
	}
	steps = append(steps, godot("--path", at, "--export-pack", "spark", "{work}/out/"+packName))
	// Everything is loaded twice: from the sources, whose lines the messages name, and from the pack, which is then played.
	start := godot("--main-pack", "{work}/out/"+packName, "-s", "{project}/"+checkName)
	start.Env = append(start.Env, "SPARK_START=1")
	steps = append(steps, godot("--path", at, "-s", "{project}/"+checkName), start)
	copies := []engines.Copy{{From: "{project}/" + ours + readmeName, To: readmeName}}
	if req.Mode == engines.Release {
		// An export of the engine's is the pack and this copy too, only slower.
		copies = append(copies, engines.Copy{From: runner, To: programName})
	}
	const where = `^\s+At: res://(?P<file>[^:]+):(?P<line>\d+)`
	return engines.Plan{Command: &engines.Command{
		Output:   "out",
		Executes: true, // tool scripts and plugins of the editor, and then the game
		Steps:    steps,
		Files: []models.File{{Path: path.Join(p.root, presetsName), Data: p.preset()}, {Path: checkName, Data: check},
			{Path: ours + readmeName, Data: readmeFor(req)}},
		Copies: copies,
		// "reimport: begin: (Re)Importing Assets steps: 12", and then "	reimport: step 0: images/fox.png".
		Progress: []engines.Progress{{Pattern: `^\t*\w+: begin: (?P<task>.*) steps: (?P<of>\d+)$`}, {Pattern: `^\t*\w+: step (?P<done>\d+): `}},
		Problems: []engines.Problem{
			{Pattern: `^spark: (?P<file>[^:]+):(?P<line>\d+): (?P<text>.*)`, Severity: "error"},
			{Pattern: `^SCRIPT ERROR: .*?Parse Error: (?P<text>.*)`, Where: where, Folder: folder, Severity: "error"},
			{Pattern: `^SCRIPT ERROR: .*?Compile Error: (?P<text>.*)`, Where: where, Folder: folder, Severity: "error"},
			{Pattern: `^ERROR: poll: res://(?P<file>[^:]+):(?P<line>\d+) - Parse Error: (?P<text>.*)`, Folder: folder, Severity: "error"},
			{Pattern: `^SCRIPT ERROR: (?P<text>.*)`, Where: where, Folder: folder, Severity: "warning"},
		},
	}}
}

// readmeFor tells a player how to start the game.
func readmeFor(req engines.BuildRequest) []byte {
	title := engines.CleanText(req.Title, 200)
	if title == "" {
		title = "Game"
	}
	how := "Start it with\n\n    ./game\n\non Debian 12 or a system like it. The libraries that it needs come with the package godot3-runner:\n\n" +
		"    sudo apt install godot3-runner\n\n" + "Keep game.pck beside it. On other systems any Godot 3.2 plays the pack:\n\n    godot --main-pack game.pck\n"
	if req.Mode != engines.Release {
		how = "This is a preview. Play it with Godot 3.2, or with Debian's package godot3-runner:\n\n    godot3-runner --main-pack game.pck\n"
	}
	line := strings.Repeat("=", len([]rune(title)))
	return []byte(strings.NewReplacer("{{title}}", title, "{{line}}", line, "{{how}}", how, "{{version}}", Version).Replace(readme))
}
