package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/models"
)

// modelEnv makes the model server the provider of a platform.
func modelEnv(m *aitest.Server) []string {
	return []string{"SPARK_PROVIDER=openai", "SPARK_OPENAI_BASE_URL=" + m.OpenAIBaseURL(), "SPARK_OPENAI_MODEL=" + aitest.Model,
		"SPARK_OPENAI_API_KEY=" + aitest.Key}
}

// projectFiles are the files of a real game, for a model to write.
func projectFiles(t *testing.T, engine string, w scenario) []models.File {
	t.Helper()
	d := commonDev(t)
	g := gameOf(t, d, engine, w)
	var files []models.File
	for _, f := range read[struct{ Files []struct{ Path string } }](d.get(t, "/v1/projects/"+g.projectID+"/files").want(200)).Files {
		files = append(files, models.File{Path: f.Path, Data: d.get(t, "/v1/projects/"+g.projectID+"/files/"+f.Path).want(200).body})
	}
	require.NotEmpty(t, files)
	return files
}

// A language model's answer becomes a game; a bad one is retried, and then the job says clearly what was wrong.
func TestModelProvider(t *testing.T) {
	t.Parallel()
	w := scenarios[0]
	files := projectFiles(t, "phaser", w)
	counted := func(a aitest.Answer, in, out int64) aitest.Answer {
		a.TokensIn, a.TokensOut = in, out
		return a
	}
	good := counted(aitest.Game("Written by a Model", files...), 1000, 2000)
	garbage := counted(aitest.Garbage(), 10, 20)
	for _, tt := range []struct {
		name     string
		answers  []aitest.Answer
		code     string // "" succeeds
		attempts int
		in, out  int64
	}{
		{"good", []aitest.Answer{good}, "", 1, 1000, 2000},
		{"garbage, then good", []aitest.Answer{garbage, good}, "", 2, 1010, 2020},
		{"always garbage", []aitest.Answer{garbage, garbage, garbage}, "provider_bad_output", 3, 30, 60},
		{"outside the project", []aitest.Answer{counted(aitest.Outside(), 1, 2), counted(aitest.Outside(), 1, 2), counted(aitest.Outside(), 1, 2)}, "provider_bad_output", 3, 3, 6},
		{"cut off", []aitest.Answer{aitest.Broken(3, "x", files...), aitest.Broken(3, "x", files...), aitest.Broken(3, "x", files...)}, "provider_truncated", 3, 0, 0},
		{"wrong key", []aitest.Answer{aitest.Status(http.StatusUnauthorized)}, "provider_misconfigured", 1, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			model := aitest.New(t)
			model.Push(tt.answers...)
			d := startDev(t, t.TempDir()+"/data", modelEnv(model)...)
			p := d.newProject(t, "Model", "phaser")
			pipe := d.submit(t, p.ID, step{"kind": "generation", "input": step{"prompt": w.prompt}}, step{"kind": "build"})
			done := d.await(t, pipe.ID, jobWithin)
			gen, build := done.Jobs[0], done.Jobs[1]
			require.Equal(t, tt.attempts, gen.Attempt)
			require.Len(t, model.Requests(), tt.attempts)
			require.Contains(t, model.Requests()[0].User, w.prompt)
			if tt.in == 0 {
				require.Nil(t, gen.TokensIn, "the server did not report it")
			} else {
				require.Equal(t, []int64{tt.in, tt.out}, []int64{*gen.TokensIn, *gen.TokensOut})
			}

			rollup := d.end(t, d.submitJob(t, "", "analytics", nil).ID, jobWithin)
			require.Equal(t, "succeeded", rollup.State, "%+v", rollup.Error)
			used := read[list[struct {
				Kind      string
				Jobs      int64
				Failures  int64
				TokensIn  int64 `json:"tokens_in"`
				TokensOut int64 `json:"tokens_out"`
			}]](d.get(t, "/v1/usage?kind=generation").want(200)).Data
			require.Len(t, used, 1)
			require.Equal(t, []int64{1, tt.in, tt.out}, []int64{used[0].Jobs, used[0].TokensIn, used[0].TokensOut})

			if tt.code != "" {
				require.Equal(t, "failed", gen.State)
				require.Equal(t, tt.code, gen.Error.Code)
				require.NotEmpty(t, gen.Error.Message)
				require.NotContains(t, gen.Error.Message, aitest.Key)
				require.Equal(t, "cancelled", build.State)
				require.Equal(t, "dependency_failed", build.Error.Code)
				require.Equal(t, int64(1), used[0].Failures)
				require.Empty(t, read[list[revision]](d.get(t, "/v1/projects/"+p.ID+"/revisions").want(200)).Data)
				return
			}
			done.succeed(t)
			require.Equal(t, "Written by a Model", gen.Output["title"])
			require.Contains(t, gen.Output["model"], aitest.Model)
			d.oneResult(t, p.ID, done)
			if tt.attempts == 1 {
				page := newPage(t)
				page.open(d.url + build.Output["play_url"].(string))
				page.play(w, starts[0].do)
			}
		})
	}
}
