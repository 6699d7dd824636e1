package jobs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// What a reference names has to be there before anything runs.
func TestReferencesAreCheckedAtSubmission(t *testing.T) {
	t.Parallel()
	step := func(kind models.Kind, name, input string, after ...string) Step {
		s := Step{Kind: kind, Name: name, Input: []byte(input)}
		if after != nil {
			s.After = &after
		}
		return s
	}
	gen := step(models.KindGeneration, "game", `{"prompt":"a fox"}`)
	first := step(models.KindGeneration, "game", `{"prompt":"a fox"}`, []string{}...)
	for name, c := range map[string]struct {
		steps   []Step
		input   string // of the last step, as it is stored
		pointer string
	}{
		"an id": {[]Step{gen, step(models.KindBuild, "", `{"revision_id":"{{steps.game.output.revision_id}}","mode":"preview"}`)},
			`{"mode":"preview","revision_id":"{{steps.game.output.revision_id}}"}`, ""},
		"in a prompt": {[]Step{gen, step(models.KindBuild, "b", ``), step(models.KindGeneration, "fix", `{"prompt":"fix {{ steps.b.output.diagnostics }} of {{steps.game.output.title}}"}`)},
			`{"prompt":"fix {{ steps.b.output.diagnostics }} of {{steps.game.output.title}}"}`, ""},
		"not a reference":   {[]Step{gen, step(models.KindGeneration, "x", `{"prompt":"{{ name }} and {{steps}}"}`)}, `{"prompt":"{{ name }} and {{steps}}"}`, ""},
		"unknown step":      {[]Step{gen, step(models.KindBuild, "", `{"revision_id":"{{steps.nope.output.revision_id}}"}`)}, "", "/steps/1/input/revision_id"},
		"unknown field":     {[]Step{gen, step(models.KindBuild, "", `{"revision_id":"{{steps.game.output.artifact_id}}"}`)}, "", "/steps/1/input/revision_id"},
		"itself":            {[]Step{gen, step(models.KindGeneration, "x", `{"prompt":"{{steps.x.output.title}}"}`)}, "", "/steps/1/input/prompt"},
		"not before":        {[]Step{first, step(models.KindGeneration, "x", `{"prompt":"{{steps.game.output.title}}"}`, []string{}...)}, "", ""},
		"escaped":           {[]Step{gen, step(models.KindGeneration, "x", `{"prompt":"\u007b\u007bsteps.nope.output.title}}"}`)}, "", "/steps/1/input/prompt"},
		"malformed":         {[]Step{gen, step(models.KindGeneration, "x", `{"prompt":"{{steps.game.title}}"}`)}, "", "/steps/1/input/prompt"},
		"an id and more":    {[]Step{gen, step(models.KindBuild, "", `{"revision_id":"x{{steps.game.output.revision_id}}"}`)}, "", "/steps/1/input/revision_id"},
		"in a fixed choice": {[]Step{gen, step(models.KindBuild, "", `{"mode":"{{steps.game.output.title}}"}`)}, "", "/steps/1/input/mode"},
		"in no text":        {[]Step{gen, step(models.KindGeneration, "x", `{"prompt":"x","seed":["{{steps.game.output.title}}"]}`)}, "", "/steps/1/input/seed"},
		"an export of a build, which is a release": {[]Step{gen, step(models.KindBuild, "b", ``), step(models.KindExport, "", `{"artifact_id":"{{steps.b.output.artifact_id}}"}`)},
			`{"artifact_id":"{{steps.b.output.artifact_id}}"}`, ""},
		"an export of an export": {[]Step{gen, step(models.KindBuild, "b", ``), step(models.KindExport, "e", ``), step(models.KindExport, "", `{"artifact_id":"{{steps.e.output.artifact_id}}"}`)},
			"", "/steps/3/input/artifact_id"},
		"an export of a preview": {[]Step{gen, step(models.KindBuild, "b", `{"mode":"preview"}`), step(models.KindExport, "", `{"artifact_id":"{{steps.b.output.artifact_id}}"}`)},
			"", "/steps/1/input/mode"},
	} {
		if name == "not before" {
			none := []string{}
			c.steps[0].After, c.steps[1].After, c.pointer = &none, &none, "/steps/1/input/prompt"
		}
		s, in := newService()
		_, made, err := s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Steps: c.steps})
		if c.pointer != "" {
			require.Equal(t, c.pointer, models.AsError(err).Pointer, "%s: %v", name, err)
			require.Empty(t, in.got.Jobs, name)
			continue
		}
		require.NoError(t, err, name)
		require.JSONEq(t, c.input, string(made[len(made)-1].Input), name)
		if strings.Contains(name, "release") {
			require.JSONEq(t, `{"mode":"release"}`, string(made[1].Input))
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	outputs := map[string]models.JSON{
		"game": models.JSON(`{"title":"Fox \"1\"","files":3,"understood":["fox","night"],"revision_id":"` + ownRelease + `","model":"","summary":null}`),
		"long": models.JSON(`{"title":"` + strings.Repeat("x", MaxPromptBytes+1) + `"}`),
		"odd":  models.JSON(`{"revision_id":"x"}`),
	}
	output := func(step string) models.JSON { return outputs[step] }
	for in, want := range map[string]string{
		`{"prompt":"more of {{steps.game.output.title}}, {{steps.game.output.files}}, {{steps.game.output.understood}}"}`: `{"prompt":"more of Fox \"1\", 3, [\"fox\",\"night\"]"}`,
		`{"prompt":"nothing","seed":7}`: `{"prompt":"nothing","seed":7}`,
	} {
		got, err := Resolve(models.KindGeneration, models.JSON(in), output)
		require.NoError(t, err)
		require.JSONEq(t, want, string(got))
	}
	got, err := Resolve(models.KindBuild, models.JSON(`{"revision_id":"{{steps.game.output.revision_id}}"}`), output)
	require.NoError(t, err)
	require.JSONEq(t, `{"revision_id":"`+ownRelease+`"}`, string(got))
	for in, code := range map[string]models.Code{
		`{"prompt":"{{steps.game.output.model}}"}`:            models.CodeReferenceUnresolved,
		`{"prompt":"{{steps.game.output.summary}}"}`:          models.CodeReferenceUnresolved,
		`{"prompt":"{{steps.game.output.genre}}"}`:            models.CodeReferenceUnresolved,
		`{"prompt":"{{steps.nothing.output.title}}"}`:         models.CodeReferenceUnresolved,
		`{"prompt":"{{steps.long.output.title}}"}`:            models.CodeInvalidRequest,
		`{"prompt":"x","seed":"{{steps.game.output.files}}"}`: models.CodeInvalidRequest,
	} {
		_, err := Resolve(models.KindGeneration, models.JSON(in), output)
		require.Equal(t, code, models.CodeOf(err), in)
	}
	_, err = Resolve(models.KindBuild, models.JSON(`{"revision_id":"{{steps.odd.output.revision_id}}"}`), output)
	require.Equal(t, "/input/revision_id", models.AsError(err).Pointer)
}

// However an input looks, reading its references neither fails badly nor loses them.
func FuzzTemplate(f *testing.F) {
	f.Add([]byte(`{"prompt":"{{steps.a.output.b}} {{steps."}`))
	f.Add([]byte(`{"revision_id":" {{ steps.a.output.revision_id }} "}`))
	f.Add([]byte(`["{{steps.a.output.b}}"]`))
	f.Fuzz(func(t *testing.T, input []byte) {
		_, refs, err := readTexts(input)
		if err != nil {
			return
		}
		for _, text := range refs {
			require.True(t, stepOpening.MatchString(text.raw))
		}
		_, _ = Resolve(models.KindGeneration, input, func(string) models.JSON { return models.JSON(`{"b":"x"}`) })
	})
}
