package cli

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// templateRoutes answers what the commands of templates ask.
func (s *fakeServer) templateRoutes(mux *http.ServeMux) {
	one := apiclient.Template{ID: "t1", Name: "pixel", Version: 3, Description: "Few\x1b[2J pixels", Parameters: models.Parameters{
		"idea": {Type: models.ParameterString, Required: true}, "prompt": {Type: models.ParameterString}, "fresh": {Type: models.ParameterBoolean},
		"seed": {Type: models.ParameterNumber}, "format": {Type: models.ParameterEnum, Values: []string{"zip", "html"}}},
		Steps: []apiclient.TemplateStep{{Kind: models.KindGeneration}, {Kind: models.KindBuild}, {Kind: models.KindExport}}}
	mux.HandleFunc("GET /v1/templates", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.TemplateList{Data: []apiclient.TemplateSummary{{Name: one.Name, Version: 3, Description: one.Description, Parameters: one.Parameters},
			{Name: "make", Version: 1, BuiltIn: true}}})
	})
	mux.HandleFunc("POST /v1/templates", func(w http.ResponseWriter, _ *http.Request) { answer(w, 201, one) })
	mux.HandleFunc("GET /v1/templates/{name}", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("name") {
		case "pixel":
			answer(w, 200, one)
		case "try":
			answer(w, 200, apiclient.Template{Name: "try", Steps: one.Steps[:2]})
		default:
			problem(w, 404, models.CodeNotFound, "no such template", "")
		}
	})
	mux.HandleFunc("PATCH /v1/templates/{name}", func(w http.ResponseWriter, r *http.Request) {
		if tag := r.Header.Get("If-Match"); tag != "" && tag != `"t1.3"` {
			problem(w, 412, models.CodePreconditionFailed, "the template was changed", "")
			return
		}
		answer(w, 200, one)
	})
	mux.HandleFunc("DELETE /v1/templates/{name}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
}

func TestTemplateCommands(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.json", `{"name":"pixel","parameters":{"idea":{"type":"string"}},"steps":[{"kind":"build"}]}`)
	for _, tt := range []struct {
		args     []string
		code     int
		out, err string // what they contain
	}{
		{[]string{"list"}, 0, "pixel  3         format, fresh, idea*, prompt, seed  Few", ""},
		{[]string{"list"}, 0, "make   built in", ""},
		{[]string{"list", "--json"}, 0, `"built_in": true`, ""},
		{[]string{"show", "pixel"}, 0, `"version": 3`, ""},
		{[]string{"show", "nothing"}, 1, "", "no such template"},
		{[]string{"create", good}, 0, `"id": "t1"`, ""},
		{[]string{"create", file("bad.json", `{"name":"pixel","step":[]}`)}, ExitUsage, "", `is no template: json: unknown field "step"`},
		{[]string{"create", filepath.Join(folder, "none")}, ExitUsage, "", "no such file"},
		{[]string{"update", "pixel", good, "--if-match", `"t1.3"`}, 0, `"version": 3`, ""},
		{[]string{"update", "pixel", good, "--if-match", `"t1.2"`}, 1, "", "the template was changed"},
		{[]string{"update", "other", good}, ExitUsage, "", "cannot be renamed"},
		{[]string{"delete", "pixel"}, 0, "Deleted.", ""},
	} {
		r := run(within(t), t, Deps{}, s.env(), append([]string{"templates"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(r.out, tt.out) || !strings.Contains(r.err, tt.err) || strings.Contains(r.out, "\x1b[2J") {
			t.Errorf("%v: %d\n%s\n%s", tt.args, r.code, r.out, r.err)
		}
	}
	if got := s.saw("PATCH /v1/templates"); len(got) != 2 || got[0] != `PATCH /v1/templates/pixel {"parameters":{"idea":{"type":"string"}},"steps":[{"kind":"build"}]}` {
		t.Error(got)
	}
}

func TestMakeByTemplate(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	out := filepath.Join(t.TempDir(), "game.zip")
	r := run(within(t), t, Deps{}, s.env(), "make", "an", "owl", "--template", "pixel", "--param", "idea=a = b", "--param", "fresh=true", "--seed", "7", "--out", out)
	if r.code != 0 {
		t.Fatalf("%+v", r)
	}
	const want = `POST /v1/pipelines {"params":{"format":"zip","fresh":true,"idea":"a = b","prompt":"an owl","seed":7},"project_id":"p1","template":"pixel"}`
	if got := s.saw("POST /v1/pipelines"); len(got) != 1 || got[0] != want {
		t.Error(got)
	}
	if r := run(within(t), t, Deps{}, s.env(), "make", "--template", "pixel", "--param", "idea=x", "--param", "fresh=perhaps", "--out", out); r.code != 0 {
		t.Errorf("%+v", r) // the server says what is wrong with it
	}
	for _, tt := range []struct {
		args []string
		code int
		err  string
	}{
		{[]string{"make", "x", "--param", "a=b"}, ExitUsage, "--param is for a --template"},
		{[]string{"make", "x", "--template", "pixel", "--param", "a"}, ExitUsage, "NAME=VALUE"},
		{[]string{"make", "x", "--template", "pixel", "--param", "ideas=b"}, ExitUsage, "did you mean idea?"},
		{[]string{"make", "x", "--template", "pixel", "--provider", "builtin"}, ExitUsage, "no parameter provider"},
		{[]string{"make", "x", "--template", "pixel", "--no-cache"}, ExitUsage, "--no-cache is not for"},
		{[]string{"make", "--template", "try"}, ExitUsage, "exports nothing"},
		{[]string{"make", "x", "--template", "nothing"}, 1, "no such template"},
	} {
		r := run(within(t), t, Deps{}, s.env(), append(tt.args, "--out", out)...)
		if r.code != tt.code || !strings.Contains(r.err, tt.err) {
			t.Errorf("%v: %d\n%s", tt.args, r.code, r.err)
		}
	}
}
