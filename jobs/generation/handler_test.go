package generation_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// records is what the handler reads.
type records struct {
	*store.Jobs
	*store.Projects
}

// anyEngine is a registry whose engines are not asked anything.
type anyEngine struct{}

func (anyEngine) Get(string, string) (engines.Engine, error) { return nil, nil }

// author writes a file on top of what it is given, after what happens meanwhile.
type author struct {
	path      string
	given     []models.File
	meanwhile func()
}

func (a *author) Name() string { return "author" }

func (a *author) Generate(_ context.Context, req generation.Request, _ func(generation.Progress)) (*generation.Response, error) {
	a.given = req.Files
	a.meanwhile()
	return &generation.Response{Files: append(req.Files, models.File{Path: a.path, Data: []byte("x")}), Title: "Fox", Provider: "author"}, nil
}

func paths(files []models.File) string {
	var all []string
	for _, f := range files {
		all = append(all, f.Path)
	}
	return strings.Join(all, " ")
}

// A user writes while the first of a pipeline's two generations runs. What the user wrote stays current; the second
// generation continues from what the first has made; and both revisions are kept and say that they were superseded.
func TestPipelineGoesOnWithItsOwnRevisions(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "spark.db"))
	require.NoError(t, err)
	defer st.Close()
	blobs, err := blob.Open(t.TempDir(), nil)
	require.NoError(t, err)
	account := &models.Account{ID: models.NewID(), Name: "a"}
	require.NoError(t, st.Accounts.CreateAccount(t.Context(), account))
	service := &projects.Service{Store: st.Projects, Blobs: blobs, Engines: func(context.Context) []models.EngineStatus {
		return []models.EngineStatus{{Name: "phaser", Default: true}}
	}}
	p, err := service.Create(t.Context(), projects.NewProject{AccountID: account.ID, Name: "g", Engine: "phaser"})
	require.NoError(t, err)
	write := func(path string) *models.Revision {
		rev, err := service.WriteFile(t.Context(), projects.Change{AccountID: account.ID, ProjectID: p.ID}, path, strings.NewReader(path))
		require.NoError(t, err)
		return rev
	}
	base := write("base.js")

	pipeline := &models.Pipeline{ID: models.NewID(), AccountID: account.ID, ProjectID: p.ID}
	step := func(state models.State) *models.Job {
		return &models.Job{ID: models.NewID(), AccountID: account.ID, ProjectID: p.ID, PipelineID: pipeline.ID, Kind: models.KindGeneration,
			Priority: models.PriorityDefault, State: state, Input: models.JSON(`{"prompt":"a fox","provider":"author"}`), MaxFailures: 1,
			OnDependencyFailure: models.DependencyCancel}
	}
	first, second := step(models.StateQueued), step(models.StateBlocked)
	require.NoError(t, st.Jobs.Submit(t.Context(), jobs.Submission{Pipeline: pipeline, Jobs: []*models.Job{first, second},
		Dependencies: []models.Dependency{{JobID: second.ID, DependsOn: first.ID}}}))

	run := func(want *models.Job, by *author) (out struct {
		RevisionID string `json:"revision_id"`
		Superseded bool   `json:"superseded"`
	}) {
		released, err := st.Backlog.Release(t.Context(), models.Queue{Kind: models.KindGeneration, Priority: models.PriorityDefault}, []jobs.Share{{AccountID: account.ID, N: 1}})
		require.NoError(t, err)
		due := released[0]
		require.Len(t, due, 1)
		job, err := st.Ledger.Claim(t.Context(), due[0].JobID, due[0].No, "w", time.Minute)
		require.NoError(t, err)
		require.Equal(t, want.ID, job.ID)
		h := &generation.Handler{Store: records{st.Jobs, st.Projects}, Blobs: blobs, Engines: anyEngine{},
			Providers: map[string]generation.Provider{"author": by}}
		res, err := h.Run(t.Context(), &jobs.Attempt{Job: job})
		require.NoError(t, err)
		_, err = st.Ledger.Finish(t.Context(), job.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: res})
		require.NoError(t, err)
		done, err := st.Jobs.Job(t.Context(), account.ID, job.ID)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(done.Output, &out))
		return out
	}

	var mine *models.Revision
	one := run(first, &author{path: "one.js", meanwhile: func() { mine = write("mine.js") }})
	require.True(t, one.Superseded)
	another := &author{path: "two.js", meanwhile: func() {}}
	two := run(second, another)
	require.True(t, two.Superseded)
	require.Equal(t, "base.js one.js", paths(another.given))

	current, err := service.Current(t.Context(), account.ID, p.ID)
	require.NoError(t, err)
	require.Equal(t, mine.ID, current.ID)
	kept, err := service.Revision(t.Context(), account.ID, p.ID, one.RevisionID)
	require.NoError(t, err)
	require.Equal(t, models.IDs{base.ID}, kept.Parents)
	require.Equal(t, models.Author{Kind: models.AuthorJob, ID: first.ID}, kept.Author)
	last, err := service.Revision(t.Context(), account.ID, p.ID, two.RevisionID)
	require.NoError(t, err)
	require.Equal(t, models.IDs{kept.ID}, last.Parents)
	require.Len(t, last.Manifest, 3)
}
