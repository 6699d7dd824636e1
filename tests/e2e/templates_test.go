package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A template of an account is made from a file by the command, submitted over HTTP and by a schedule, and its game is made by it, on both databases; whatever is
// given to its parameters is what the provider is asked.
func TestTemplates(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		templates(t, commonDev(t).client)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		templates(t, startCluster(t, clusterOptions{}).client)
	})
}

func templates(t *testing.T, c client) {
	file := filepath.Join(t.TempDir(), "ship.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"name":"ship","parameters":{"idea":{"type":"string","required":true},"seed":{"type":"number"},
		"format":{"type":"enum","values":["zip","html"],"default":"zip"}},
		"steps":[{"kind":"generation","name":"game","input":{"prompt":"a calm puzzle. {{params.idea}}","seed":"{{params.seed}}"}},
		{"kind":"build","name":"b","input":{"revision_id":"{{steps.game.output.revision_id}}"}},{"kind":"export","input":{"format":"{{params.format}}"}}]}`), 0o600))
	code, said := c.spark(t, "templates", "create", file)
	require.Zero(t, code, said)
	code, said = c.spark(t, "templates", "list")
	require.Zero(t, code, said)
	require.Regexp(t, `ship +1 +format, idea\*, seed`, said)
	require.Regexp(t, `make-and-export +built in`, said)

	type submitted struct {
		pipeline
		Template struct {
			Name    string
			Version int
		}
	}
	p := c.newProject(t, "Ship", "phaser")
	const idea = `pearls \{{steps.game.output.title}} {{params.seed}}`
	first := read[submitted](c.do(t, "POST", "/v1/pipelines", map[string]any{"project_id": p.ID, "template": "ship", "params": map[string]any{"idea": idea, "seed": 7}}).want(202))
	require.Equal(t, []any{"ship", 1}, []any{first.Template.Name, first.Template.Version})
	done := c.await(t, first.ID, jobWithin).succeed(t)
	require.Equal(t, map[string]any{"prompt": "a calm puzzle. " + idea, "seed": 7.0}, done.Jobs[0].Input)
	require.NotEmpty(t, done.Jobs[2].Output["download_url"])

	// A schedule takes the template as it is when it submits.
	schedule := read[struct{ ID string }](c.do(t, "POST", "/v1/schedules", map[string]any{"name": "ships", "cron": "@yearly",
		"pipeline": map[string]any{"project_id": p.ID, "template": "ship", "params": map[string]any{"idea": "fish"}}}).want(201))
	require.NoError(t, os.WriteFile(file, []byte(`{"name":"ship","steps":[{"kind":"generation","input":{"prompt":"more {{params.idea}}"}}]}`), 0o600))
	code, said = c.spark(t, "templates", "update", "ship", file)
	require.Zero(t, code, said)
	fired := read[struct {
		PipelineID string `json:"pipeline_id"`
	}](c.do(t, "POST", "/v1/schedules/"+schedule.ID+"/run", nil).want(202))
	second := read[submitted](c.get(t, "/v1/pipelines/"+fired.PipelineID).want(200))
	require.Equal(t, []any{2, 1}, []any{second.Template.Version, len(second.Jobs)})
	require.Equal(t, "more fish", second.Jobs[0].Input["prompt"])
	code, said = c.spark(t, "templates", "delete", "ship")
	require.NotZero(t, code)
	require.Contains(t, said, "schedules of the account")
	c.do(t, "DELETE", "/v1/schedules/"+schedule.ID, nil).want(204)
	code, said = c.spark(t, "templates", "delete", "ship")
	require.Zero(t, code, said)

	out := filepath.Join(t.TempDir(), "owl.html")
	code, said = c.spark(t, "make", "an owl", "--template", "make-and-export", "--engine", "phaser", "--out", out)
	require.Zero(t, code, said)
	page, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Contains(t, string(page), "<html")
}
