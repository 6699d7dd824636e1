package generation_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// page is an engine that can build whatever has an index.html.
type page struct{ err error }

func (page) Info() engines.Info { return engines.Info{Name: "page", Title: "Page", Version: "1"} }

func (page) Image() engines.Image { return engines.Image{} }

func (page) Toolchain() engines.Toolchain { return engines.Toolchain{} }

func (page) Starter(engines.Design) ([]models.File, error) { return nil, nil }

func (p page) Plan(req engines.BuildRequest) (engines.Plan, error) {
	if p.err != nil {
		return engines.Plan{}, p.err
	}
	for _, f := range req.Files {
		if f.Path == "index.html" {
			return engines.Plan{}, nil
		}
	}
	return engines.Plan{}, models.NewError(models.CodeInvalidFiles, "there is no index.html")
}

func (page) Verify(engines.BuildRequest, engines.Outputs) error { return nil }

func file(p, s string) models.File { return models.File{Path: p, Data: []byte(s)} }

// wrote is the answer that writes these paths and contents.
func wrote(pairs ...string) string {
	files := []map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		files = append(files, map[string]string{"path": pairs[i], "content": pairs[i+1]})
	}
	b, _ := json.Marshal(map[string]any{"title": "T", "summary": "S", "files": files, "deleted": []string{}})
	return string(b)
}

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	good := wrote("index.html", "<p>", "src/ä.js", "```\n{\"x\"}")
	want := []models.File{file("index.html", "<p>"), file("src/ä.js", "```\n{\"x\"}")}
	for name, raw := range map[string]string{
		"bare":                 good,
		"with space":           " \n" + good + "\n\n",
		"indented":             indent(good),
		"fenced":               "Here:\n```json\n" + indent(good) + "\n```\nEnjoy { it }!",
		"second fence":         "```js\nlet a = 1\n```\n```\n" + good + "\n```",
		"prose around":         "Sure { thing }:\n" + good + "\nThat's it.",
		"after another object": "{\"plan\": 1}\n" + good,
		"after thinking":       "<think>{\"files\":[]} hm </think>" + good,
		"unknown fields":       strings.Replace(good, "{", `{"notes": {"a": [1]}, `, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := generation.ParseAnswer([]byte(raw))
			if err != nil {
				t.Fatal(err)
			}
			if got.Title != "T" || got.Summary != "S" || !reflect.DeepEqual(got.Files, want) {
				t.Errorf("answer = %+v", got)
			}
		})
	}
}

func indent(s string) string {
	var b bytes.Buffer
	_ = json.Indent(&b, []byte(s), "", "  ")
	return b.String()
}

func TestParseAnswerRefuses(t *testing.T) {
	t.Parallel()
	many := make([]string, 0, 2*generation.MaxOutputFiles+2)
	for i := range generation.MaxOutputFiles + 1 {
		many = append(many, fmt.Sprintf("src/f%d.js", i), "")
	}
	tests := []struct{ name, raw, want string }{
		{"nothing", "", "not the JSON"},
		{"prose", "I cannot do that.", "not the JSON"},
		{"a list", "[]", "not the JSON"},
		{"cut off", wrote("index.html", "x")[:30], "not the JSON"},
		{"another object", `{"game": {}}`, "not the JSON"},
		{"files of the wrong type", `{"files": "index.html"}`, "not the JSON"},
		{"not UTF-8", "{\"files\":[{\"path\":\"a.js\",\"content\":\"\xff\"}]}", "UTF-8"},
		{"no files", `{"files": [], "deleted": []}`, "no files"},
		{"no content", `{"files": [{"path": "a.js"}]}`, "lacks"},
		{"null path", `{"files": [{"path": null, "content": ""}]}`, "lacks"},
		{"outside", wrote("../a.js", ""), "outside the project"},
		{"absolute", wrote("/etc/a.js", ""), "outside the project"},
		{"backslash", wrote(`src\a.js`, ""), "outside the project"},
		{"NUL in the path", wrote("a\x00.js", ""), "outside the project"},
		{"hidden", wrote(".env.js", ""), "reserved"},
		{"hidden folder", wrote("src/.git/x.js", ""), "reserved"},
		{"the engine's place", wrote("node_modules/phaser/index.js", ""), "reserved"},
		{"a program", wrote("run.sh", ""), "not a type"},
		{"an image", wrote("a.png", ""), "not a type"},
		{"no extension", wrote("Makefile", ""), "not a type"},
		{"binary", wrote("a.js", "a\x00b"), "not text"},
		{"big", wrote("a.js", strings.Repeat("x", generation.MaxOutputFileBytes+1)), "1 MiB"},
		{"twice", wrote("a.js", "1", "a.js", "2"), "twice"},
		{"twice but for case", wrote("a.js", "1", "A.js", "2"), "twice"},
		{"written and deleted", `{"files":[{"path":"a.js","content":""}],"deleted":["a.js"]}`, "twice"},
		{"deletes outside", `{"files":[],"deleted":["../../x"]}`, "outside the project"},
		{"too many", wrote(many...), "100 files"},
		{"too large", strings.Repeat(" ", generation.MaxOutputBytes+1), "16 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := generation.ParseAnswer([]byte(tt.raw))
			if got != nil || models.CodeOf(err) != models.CodeProviderOutput || !strings.Contains(models.AsError(err).Message, tt.want) {
				t.Errorf("answer = %+v, error = %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestParseAnswerTidiesWords(t *testing.T) {
	t.Parallel()
	raw, _ := json.Marshal(map[string]any{
		"title": "  Fox\u202e\n\x1b[31m \t&  Stars ", "summary": strings.Repeat("ö", 2*generation.MaxSummaryRunes), "deleted": []string{"a"},
	})
	got, err := generation.ParseAnswer(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "Fox [31m & Stars" || utf8.RuneCountInString(got.Summary) != generation.MaxSummaryRunes {
		t.Errorf("title = %q, summary of %d runes", got.Title, utf8.RuneCountInString(got.Summary))
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	current := []models.File{file("index.html", "page"), file("src/b.js", "b"), file("assets/x.png", "\x00")}
	tests := []struct {
		name    string
		raw     string
		current []models.File
		want    []models.File
		err     string
	}{
		{"new project", wrote("src/b.js", "b", "index.html", "p"), nil, []models.File{file("index.html", "p"), file("src/b.js", "b")}, ""},
		{"change one", wrote("src/b.js", "B"), current, []models.File{file("assets/x.png", "\x00"), file("index.html", "page"), file("src/b.js", "B")}, ""},
		{"add one", wrote("src/a.js", "a"), current, []models.File{file("assets/x.png", "\x00"), file("index.html", "page"), file("src/a.js", "a"), file("src/b.js", "b")}, ""},
		{"delete", `{"deleted":["assets/x.png","src/never-was.js"]}`, current, []models.File{file("index.html", "page"), file("src/b.js", "b")}, ""},
		{"no entry", wrote("src/b.js", ""), nil, nil, "there is no index.html"},
		{"entry deleted", `{"deleted":["index.html"]}`, current, nil, "there is no index.html"},
		{"all deleted", `{"deleted":["index.html"]}`, current[:1], nil, "at least one file"},
		{"differs in case", wrote("SRC/B.js", ""), current, nil, "collide"},
		{"file becomes a folder", wrote("src/b.js/c.js", ""), current, nil, "both a file and the folder"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answer, err := generation.ParseAnswer([]byte(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			got, err := answer.Apply(generation.Request{Engine: page{}, Files: tt.current})
			if tt.err != "" {
				if models.CodeOf(err) != models.CodeProviderOutput || !strings.Contains(models.AsError(err).Message, tt.err) {
					t.Errorf("error = %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("files = %v, error = %v", got, err)
			}
		})
	}
}

func TestApplyTellsTheEnginesFaultsFromTheModels(t *testing.T) {
	t.Parallel()
	broken := errors.New("the planner broke")
	answer, err := generation.ParseAnswer([]byte(wrote("index.html", "")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := answer.Apply(generation.Request{Engine: page{err: broken}}); !errors.Is(err, broken) || models.CodeOf(err) != models.CodeInternal {
		t.Errorf("error = %v", err)
	}
}

func TestOutputSchemaIsJSONAndMatchesTheParser(t *testing.T) {
	t.Parallel()
	var schema struct {
		Required   []string       `json:"required"`
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal([]byte(generation.OutputSchema), &schema); err != nil {
		t.Fatal(err)
	}
	// An answer with just the schema's fields, all of them used by the parser.
	got, err := generation.ParseAnswer([]byte(`{"title":"a","summary":"b","files":[{"path":"c.js","content":"d"}],"deleted":["e.js"]}`))
	if err != nil || got.Title != "a" || got.Summary != "b" || len(got.Files) != 1 || len(got.Deleted) != 1 {
		t.Fatalf("answer = %+v, error = %v", got, err)
	}
	if len(schema.Required) != 4 || len(schema.Properties) != 4 {
		t.Errorf("schema = %+v", schema)
	}
}

func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{
		wrote("index.html", "<p>", "src/main.js", "```"), "```json\n" + wrote("a.js", "") + "\n```",
		"<think></think>" + wrote("../x.js", ""), "{\n{\n{\n{\n{", `{"deleted":["a","A"]}`, "```", "\n{\"files\":[{}]}",
	} {
		f.Add([]byte(seed))
	}
	current := []models.File{file("index.html", "page"), file("src/main.js", "go()")}
	f.Fuzz(func(t *testing.T, raw []byte) {
		answer, err := generation.ParseAnswer(raw)
		if err != nil {
			if answer != nil || models.CodeOf(err) != models.CodeProviderOutput {
				t.Fatalf("answer = %v, error = %v", answer, err)
			}
			return
		}
		if n := len(answer.Files) + len(answer.Deleted); n == 0 || n > generation.MaxOutputFiles {
			t.Fatalf("%d files", n)
		}
		if utf8.RuneCountInString(answer.Title) > generation.MaxTitleRunes || !utf8.ValidString(answer.Title) {
			t.Fatalf("title = %q", answer.Title)
		}
		files, err := answer.Apply(generation.Request{Engine: page{}, Files: current})
		if err != nil {
			if models.CodeOf(err) != models.CodeProviderOutput {
				t.Fatalf("error = %v", err)
			}
			return
		}
		if err := models.CheckFiles(files); err != nil {
			t.Fatalf("an invalid project came through: %v", err)
		}
		for _, f := range answer.Files {
			if !utf8.Valid(f.Data) || bytes.ContainsRune(f.Data, 0) || strings.HasPrefix(f.Path, ".") {
				t.Fatalf("file %q came through", f.Path)
			}
		}
		if string(current[1].Data) != "go()" {
			t.Fatal("the current files were changed")
		}
	})
}
