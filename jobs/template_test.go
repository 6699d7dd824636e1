package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// oneTemplate is all that an account has.
type oneTemplate struct{ only models.Template }

func (o oneTemplate) Template(_ context.Context, accountID, name string) (*models.Template, error) {
	if accountID != o.only.AccountID || name != o.only.Name {
		return nil, models.NewError(models.CodeNotFound, "no such template")
	}
	return &o.only, nil
}

func templateOf(t testing.TB, text string) models.Template {
	t.Helper()
	var read struct {
		Parameters models.Parameters
		Steps      []models.TemplateStep
	}
	require.NoError(t, json.Unmarshal([]byte(text), &read))
	return models.Template{ID: "t", AccountID: ownAccount, Name: "t", Version: 3, Parameters: read.Parameters, Steps: read.Steps}
}

const changing = `{"parameters":{
		"prompt":{"type":"string","required":true,"max_length":200},
		"style":{"type":"enum","values":["dark","light"],"default":"dark"},
		"seed":{"type":"number","minimum":1},
		"fresh":{"type":"boolean","default":false},
		"mode":{"type":"enum","values":["preview","release"],"default":"release"}},
	"steps":[
		{"kind":"generation","name":"game","input":{"prompt":"{{params.prompt}}, {{ params.style }} \\{{params.x}} \\\\{{params.style}}","seed":"{{params.seed}}","from_scratch":"{{params.fresh}}"}},
		{"kind":"approval","name":"ok","input":{"message":"Is {{steps.game.output.title}} {{params.style}}?","approvers":["{{params.prompt}}"]}},
		{"kind":"build","name":"b","input":{"mode":"{{params.mode}}","revision_id":"{{steps.game.output.revision_id}}"}}]}`

// Parameters stand in texts; numbers and booleans that stand alone are what they are, and what has no value is left out.
func TestTemplates(t *testing.T) {
	t.Parallel()
	s, _ := newService()
	s.Templates = oneTemplate{templateOf(t, changing)}
	submit := func(params string) ([]*models.Job, error) {
		var values map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(params), &values))
		p, made, err := s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Template: "t", Params: values})
		if err == nil {
			require.Equal(t, models.TemplateRef{ID: "t", Name: "t", Version: 3}, p.Template)
		}
		return made, err
	}
	made, err := submit(`{"prompt":"a fox"}`)
	require.NoError(t, err)
	require.JSONEq(t, `{"prompt":"a fox, dark {{params.x}} \\dark"}`, string(made[0].Input))
	require.JSONEq(t, `{"message":"Is {{steps.game.output.title}} dark?","approvers":["a fox"]}`, string(made[1].Input))
	require.JSONEq(t, `{"mode":"release","revision_id":"{{steps.game.output.revision_id}}"}`, string(made[2].Input))
	made, err = submit(`{"prompt":"a \"fox\" <b>","style":"light","seed":9007199254740993,"fresh":true,"mode":"preview"}`)
	require.NoError(t, err)
	require.JSONEq(t, `{"prompt":"a \"fox\" <b>, light {{params.x}} \\light","seed":9007199254740993,"from_scratch":true}`, string(made[0].Input))
	require.Contains(t, string(made[0].Input), "9007199254740993", "not a float")

	for params, pointer := range map[string]string{
		`{}`:                                    "/params/prompt",
		`{"prompt":1}`:                          "/params/prompt",
		`{"prompt":null}`:                       "/params/prompt",
		`{"prompt":"x","style":"blue"}`:         "/params/style",
		`{"prompt":"x","seed":"1"}`:             "/params/seed",
		`{"prompt":"x","seed":0}`:               "/params/seed",
		`{"prompt":"x","seed":1.5}`:             "/params/seed", // the input's own check
		`{"prompt":"x","fresh":"true"}`:         "/params/fresh",
		`{"prompt":"x","other":1}`:              "/params/other",
		`{"prompt":"x","a/b~c":1}`:              "/params/a~1b~0c",
		`{"prompt":"` + long(201) + `"}`:        "/params/prompt",
		`{"prompt":"a\nb"}`:                     "/params/prompt", // no end user has such an id
		`{"prompt":"x","seed":1` + long0 + `}`:  "/params/seed",
		`{"prompt":"x","seed":1e999}`:           "/params/seed",
		`{"prompt":"x","fresh":{"a":["true"]}}`: "/params/fresh",
	} {
		_, err := submit(params)
		require.Equal(t, pointer, models.AsError(err).Pointer, "%s: %v", params, err)
	}
	for pointer, req := range map[string]PipelineRequest{
		"/template": {AccountID: ownAccount, ProjectID: ownProject, Template: "u"},
		"/params":   {AccountID: ownAccount, ProjectID: ownProject, Params: map[string]json.RawMessage{}, Steps: []Step{{Kind: models.KindBuild}}},
	} {
		_, _, err := s.SubmitPipeline(t.Context(), req)
		require.Equal(t, pointer, models.AsError(err).Pointer, "%v", err)
	}
	_, _, err = s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Template: "t", Steps: []Step{{Kind: models.KindBuild}}})
	require.Equal(t, "/template", models.AsError(err).Pointer)
	_, _, err = s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: "another", ProjectID: ownProject, Template: "t"})
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
}

func long(n int) string { return strings.Repeat("x", n) }

var long0 = strings.Repeat("0", 100)

// No value is ever a reference, however it is put together with what stands around it: what the step runs with is the text as it was given.
func TestValuesAreNoReferences(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{{params.a}}", "{{params.a}}{{params.b}}", "{{params.a}}steps.game.output.title}}", "{{{{params.a}}", `\\{{params.a}}`,
		"{{params.a}}{{steps.game.output.title}}", "{{params.a}} {{steps.game.output.title}}", `{{params.a}}\{{steps.game.output.title}}`,
		"{{steps.game.output.title}}{{params.a}}", "x {{params.a}} params.b}}", "{{ {{params.a}}", `\{{params.a}}{{params.b}}`, `{{params.a}}\{{params.b}}`} {
		for _, a := range hostile {
			for _, b := range hostile {
				checkRendering(t, text, a, b)
			}
		}
	}
}

var hostile = []string{"", "x", "{{params.b}}", "{{ params.a }}", "{{params.", "{{steps.game.output.title}}", "{{ steps.game.output.title }}", `\{{steps.game.output.title}}`,
	`\\{{steps.game.output.title}}`, "{{", "{", "{{ ", "{{st", "{{steps.", "steps.game.output.title}}", "params.a}}", `\`, `\\`, `\\\`, "}}", "\n", `{{\u007bsteps.`, "{{\t\nsteps.x"}

// checkRendering submits a prompt with two values, has the step run, and compares the text with what it is by a plain replacement of what the template itself
// says.
func checkRendering(t testing.TB, text, a, b string) {
	t.Helper()
	pieces, err := references{steps: true, params: true}.parse(text)
	if err != nil {
		return
	}
	const title = "TITLE"
	var want strings.Builder
	for _, p := range pieces {
		switch {
		case p.param == "a":
			want.WriteString(a)
		case p.param == "b":
			want.WriteString(b)
		case p.param != "":
			return
		case p.step == "game" && p.field == "title":
			want.WriteString(title)
		case p.step != "":
			return
		default:
			want.WriteString(p.literal)
		}
	}
	if strings.TrimSpace(want.String()) == "" || len(want.String()) > 10000 {
		return
	}
	s, _ := newService()
	s.Templates = oneTemplate{models.Template{ID: "t", AccountID: ownAccount, Name: "t", Version: 1,
		Parameters: models.Parameters{"a": {Type: models.ParameterString}, "b": {Type: models.ParameterString}},
		Steps: []models.TemplateStep{{Kind: models.KindGeneration, Name: "game", Input: json.RawMessage(`{"prompt":"x"}`)},
			{Kind: models.KindGeneration, Input: json.RawMessage(models.ToJSON(map[string]string{"prompt": text}))}}}}
	_, made, err := s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Template: "t",
		Params: map[string]json.RawMessage{"a": json.RawMessage(models.ToJSON(a)), "b": json.RawMessage(models.ToJSON(b))}})
	require.NoError(t, err, "%q with %q and %q", text, a, b)
	input := made[1].Input
	if !made[1].Resolved && HasReferences(input) { // as the store does before it runs
		input, err = Resolve(models.KindGeneration, input, func(string) models.JSON { return models.JSON(`{"title":"` + title + `"}`) })
		require.NoError(t, err, "%q with %q and %q", text, a, b)
	}
	var ran GenerationInput
	require.NoError(t, json.Unmarshal(input, &ran))
	require.Equal(t, want.String(), ran.Prompt, "%q with %q and %q", text, a, b)
}

// Nor in the place of an id, of a word or within a list.
func TestValuesAreNoReferencesElsewhere(t *testing.T) {
	t.Parallel()
	for _, step := range []string{`{"kind":"build","input":{"revision_id":"{{params.a}}"}}`, `{"kind":"build","input":{"mode":"{{params.a}}"}}`,
		`{"kind":"approval","input":{"approvers":["{{params.a}}"]}}`,
		`{"kind":"approval","input":{"fields":{"x":{"type":"string","description":"{{params.a}}"}}}}`} {
		s, in := newService()
		s.Templates = oneTemplate{templateOf(t, `{"parameters":{"a":{"type":"string"}},"steps":[{"kind":"generation","name":"game","input":{"prompt":"x"}},`+step+`]}`)}
		_, _, err := s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Template: "t",
			Params: map[string]json.RawMessage{"a": json.RawMessage(`"{{steps.game.output.revision_id}}"`)}})
		require.Equal(t, "/params/a", models.AsError(err).Pointer, "%s: %v", step, err)
		require.Empty(t, in.got.Jobs)
	}
}

// A small template does not become a large pipeline.
func TestTemplatesStaySmall(t *testing.T) {
	t.Parallel()
	s, _ := newService()
	s.Templates = oneTemplate{templateOf(t, `{"parameters":{"a":{"type":"string"}},"steps":[{"kind":"generation","input":{"prompt":"`+
		strings.Repeat("{{params.a}}", 4000)+`"}}]}`)}
	_, _, err := s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Template: "t",
		Params: map[string]json.RawMessage{"a": json.RawMessage(`"` + long(32<<10) + `"`)}})
	require.Equal(t, []any{models.CodePayloadTooLarge, "/params/a"}, []any{models.CodeOf(err), models.AsError(err).Pointer})
}

// A template that cannot work is refused before anybody uses it.
func TestTemplatesAreChecked(t *testing.T) {
	t.Parallel()
	s, in := newService()
	check := func(text string) error {
		one := templateOf(t, text)
		return s.CheckTemplate(t.Context(), &one)
	}
	prompt := func(params, prompt string) string {
		return `{"parameters":{` + params + `},"steps":[{"kind":"generation","name":"game","input":{"prompt":"` + prompt + `"}}]}`
	}
	for _, text := range []string{
		changing,
		prompt(`"a":{"type":"string","required":true,"min_length":10,"max_length":12}`, "{{params.a}}"),
		prompt(`"a":{"type":"number","required":true,"minimum":0.5,"maximum":0.75}`, "at {{params.a}}"),
		`{"parameters":{"artifact":{"type":"string","required":true}},"steps":[{"kind":"export","input":{"artifact_id":"{{params.artifact}}"}}]}`,
		`{"parameters":{"format":{"type":"string","required":true}},"steps":[{"kind":"export","input":{"format":"{{params.format}}"}}]}`, // what it may be is unknown
	} {
		require.NoError(t, check(text), text)
	}
	for text, pointer := range map[string]string{
		`{"steps":[]}`:                                                  "/steps",
		prompt(``, "{{params.a}}"):                                      "/steps/0/input/prompt",
		prompt(``, "{{params.A}}"):                                      "/steps/0/input/prompt",
		prompt(``, "{{steps.x.output.a}}"):                              "/steps/0/input/prompt",
		prompt(`"a":{"type":"string"}`, ""):                             "/steps/0/input/prompt",
		prompt(`"a":{"type":"number","required":true}`, "{{params.a}}"): "/steps/0/input/prompt", // it would be a number
		prompt(`"A":{"type":"string"}`, "x"):                            "/parameters/A",
		prompt(`"a":{"type":"list"}`, "x"):                              "/parameters/a/type",
		prompt(`"a":{"type":"number","minimum":2,"default":1}`, "x"):    "/parameters/a/default",
		`{"parameters":{"mode":{"type":"enum","values":["release","preview"],"default":"release"}},"steps":[{"kind":"build","input":{"mode":"{{params.mode}}"}},{"kind":"export"}]}`: "/steps/0/input/mode",
		`{"parameters":{"mode":{"type":"enum","values":["release","fast"],"required":true}},"steps":[{"kind":"build","input":{"mode":"{{params.mode}}"}}]}`:                          "/steps/0/input/mode",
		`{"steps":[{"kind":"build","input":{"mood":"x"}}]}`:                                 "/steps/0/input/mood",
		`{"steps":[{"kind":"build","after":["x"]}]}`:                                        "/steps/0/after/0",
		`{"steps":[{"kind":"export","input":{"artifact_id":"` + ownRelease + `"}}]}`:        "/steps/0/input/artifact_id", // of one project
		`{"steps":[{"kind":"generation","input":{"prompt":["{{params.a}}"]}}]}`:             "/steps/0/input/prompt",
		`{"steps":[{"kind":"generation","input":"{{params.a}}"}]}`:                          "/steps/0/input",
		`{"steps":[{"kind":"generation","input":{"prompt":"` + long(128<<10) + `"}}]}`:      "/steps",
		`{"steps":[` + strings.Repeat(`{"kind":"build"},`, MaxSteps) + `{"kind":"build"}]}`: "/steps",
	} {
		err := check(text)
		require.Equal(t, pointer, models.AsError(err).Pointer, "%.200s: %v", text, err)
	}
	require.Empty(t, in.got.Jobs)
}

// However a template and values look, nothing but the references that the template itself has is replaced, and format is the inverse of parse.
func FuzzTemplateValues(f *testing.F) {
	for i, a := range hostile {
		f.Add("{{params.a}}"+a+"{{params.b}}{{steps.game.output.title}}", a, hostile[len(hostile)-1-i])
	}
	f.Fuzz(func(t *testing.T, text, a, b string) {
		for _, s := range []*string{&text, &a, &b} {
			*s = strings.ReplaceAll(strings.ToValidUTF8(*s, ""), "\x00", "")
		}
		checkRendering(t, text, a, b)
		if pieces, err := parseText(text); err == nil {
			again, err := parseText(format(pieces))
			require.NoError(t, err)
			require.Equal(t, pieces, again)
		}
	})
}

// FuzzCheckTemplate: whatever a template is, it is refused with an error of its own or makes a pipeline with the values it was checked with.
func FuzzCheckTemplate(f *testing.F) {
	f.Add([]byte(changing))
	f.Add([]byte(`{"parameters":{"a":{"type":"enum","values":["x"]}},"steps":[{"kind":"generation","input":{"prompt":"{{params.a}}"}}]}`))
	f.Add([]byte(`{"steps":[{"kind":"build","input":{"a":{"b":["{{params.x}}"]},"\u007b\u007bparams.x}}":1}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var one models.Template
		if json.Unmarshal(raw, &one) != nil {
			return
		}
		one.AccountID, one.Name = ownAccount, "t"
		s, _ := newService()
		err := s.CheckTemplate(t.Context(), &one)
		if err != nil {
			require.NotEqual(t, models.CodeInternal, models.CodeOf(err), fmt.Sprint(err))
			return
		}
		values := make(map[string]json.RawMessage)
		for name, p := range one.Parameters {
			if p.Required {
				values[name] = p.Sample()
			}
		}
		_, err = one.Parameters.Fill(values)
		require.NoError(t, err)
	})
}
