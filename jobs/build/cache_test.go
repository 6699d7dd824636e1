package build

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// An equal build gets the earlier content, in a new artifact, without a sandbox.
func TestEqualBuildIsNotRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.build(jobs.BuildInput{})
	require.False(t, first.out.Cached)
	require.Len(t, first.out.Diagnostics, 1)
	again := w.build(jobs.BuildInput{})
	require.Equal(t, 1, w.runner.runs)
	require.Equal(t, []string{"miss", "hit"}, w.counted)
	require.True(t, again.out.Cached)
	require.Equal(t, first.artifact.ID, again.out.CachedFrom)
	require.Equal(t, first.artifact.Manifest, again.artifact.Manifest)
	require.Equal(t, first.artifact.Format, again.artifact.Format)
	require.Equal(t, first.out.Diagnostics, again.out.Diagnostics, "the warnings belong to the game")
	require.NotEqual(t, first.artifact.ID, again.artifact.ID)
	require.Equal(t, again.job.ID, again.artifact.JobID)
	require.Zero(t, again.out.BuildMillis)
	for _, e := range again.artifact.Manifest {
		require.True(t, w.blobs.renewed[e.SHA256], "%s stays stored, also if the first artifact is removed", e.Path)
	}

	// Another hit names the build, not the hit before it.
	require.Equal(t, first.artifact.ID, w.build(jobs.BuildInput{}).out.CachedFrom)
	// Another project of the account with the same files has them too.
	w.project.ID = models.NewID()
	w.rev.ProjectID, w.rev.ID = w.project.ID, models.NewID()
	other := w.build(jobs.BuildInput{})
	require.True(t, other.out.Cached)
	require.Equal(t, w.project.ID, other.artifact.ProjectID)
	require.Equal(t, w.rev.ID, other.artifact.RevisionID)
}

func TestEveryDifferenceMisses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world) jobs.BuildInput{
		"another account": func(w *world) jobs.BuildInput {
			w.project.AccountID = models.NewID()
			return jobs.BuildInput{}
		},
		"a changed file": func(w *world) jobs.BuildInput {
			w.files(map[string]string{"main.js": "2", "index.html": ""})
			return jobs.BuildInput{}
		},
		"a moved file": func(w *world) jobs.BuildInput {
			w.files(map[string]string{"src/main.js": "1", "index.html": ""})
			return jobs.BuildInput{}
		},
		"another title":             func(w *world) jobs.BuildInput { w.rev.Title = "Other"; return jobs.BuildInput{} },
		"another mode":              func(*world) jobs.BuildInput { return jobs.BuildInput{Mode: "release"} },
		"another engine":            func(w *world) jobs.BuildInput { w.engine.info.Name = "other"; return jobs.BuildInput{} },
		"another engine's version":  func(w *world) jobs.BuildInput { w.engine.info.Version = "2"; return jobs.BuildInput{} },
		"another plan":              func(w *world) jobs.BuildInput { w.engine.entry = "other.js"; return jobs.BuildInput{} },
		"a container":               func(w *world) jobs.BuildInput { w.runner.env.Kind = engines.InDocker; return jobs.BuildInput{} },
		"another image":             func(w *world) jobs.BuildInput { w.runner.env.Digest = "b"; return jobs.BuildInput{} },
		"another agent":             func(w *world) jobs.BuildInput { w.runner.env.Agent = "b"; return jobs.BuildInput{} },
		"another limit of time":     func(w *world) jobs.BuildInput { w.runner.env.Limits.Time++; return jobs.BuildInput{} },
		"another limit of memory":   func(w *world) jobs.BuildInput { w.runner.env.Limits.MemoryBytes++; return jobs.BuildInput{} },
		"another limit of files":    func(w *world) jobs.BuildInput { w.runner.env.Limits.OutputFiles++; return jobs.BuildInput{} },
		"another module":            func(w *world) jobs.BuildInput { w.runner.env.Modules = nil; return jobs.BuildInput{} },
		"an unknown environment":    func(w *world) jobs.BuildInput { w.runner.env = engines.Environment{}; return jobs.BuildInput{} },
		"an environment that fails": func(w *world) jobs.BuildInput { w.runner.envErr = errors.New("no"); return jobs.BuildInput{} },
		"a blob that is gone": func(w *world) jobs.BuildInput {
			delete(w.blobs.data, w.store.artifacts[0].Manifest[0].SHA256)
			return jobs.BuildInput{}
		},
		"a stricter judgement": func(w *world) jobs.BuildInput {
			w.engine.refuse = 1 // once: the cached one
			return jobs.BuildInput{}
		},
		"a job that is gone": func(w *world) jobs.BuildInput { w.store.jobs = map[string]*models.Job{}; return jobs.BuildInput{} },
		"a store that fails": func(w *world) jobs.BuildInput { w.store.cacheErr = errors.New("no"); return jobs.BuildInput{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.build(jobs.BuildInput{})
			got := w.build(change(w))
			require.False(t, got.out.Cached)
			require.Empty(t, got.artifact.CachedFrom)
			require.Equal(t, 2, w.runner.runs)
			require.Equal(t, []string{"miss", "miss"}, w.counted)
			for _, e := range got.artifact.Manifest {
				require.Contains(t, w.blobs.data, e.SHA256, "what was gone is there again")
			}
		})
	}
}

// A build that is forced runs, and serves the next one.
func TestNoCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.build(jobs.BuildInput{})
	forced := w.build(jobs.BuildInput{NoCache: true})
	require.False(t, forced.out.Cached)
	require.Equal(t, 2, w.runner.runs)
	require.Equal(t, forced.artifact.ID, w.build(jobs.BuildInput{}).out.CachedFrom)
	require.Equal(t, []string{"miss", "off", "hit"}, w.counted)
}

func TestFailuresAreNotKept(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(w *world){
		"the build fails":              func(w *world) { w.runner.err = models.NewError(models.CodeCompileFailed, "1 error") },
		"the outputs are no game":      func(w *world) { w.engine.refuse = 1 },
		"the outputs cannot be stored": func(w *world) { w.blobs.putErr = errors.New("full") },
		"the modules cannot be served": func(w *world) { w.blobs.moduleErr = errors.New("full") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			breakIt(w)
			_, _, err := w.try(jobs.BuildInput{})
			require.Error(t, err)
			w.runner.err, w.engine.refuse, w.blobs.putErr, w.blobs.moduleErr = nil, 0, nil, nil
			require.False(t, w.build(jobs.BuildInput{}).out.Cached)
		})
	}
}

// A build that ran in a different environment than predicted is cached under the one where it ran.
func TestFallbackIsKeptUnderItsOwnName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	container := w.runner.env
	container.Kind, container.Digest = engines.InDocker, "sha256:1"
	local := w.runner.env
	w.runner.env, w.runner.ranIn = container, &local
	w.build(jobs.BuildInput{})
	w.runner.ranIn = nil
	require.False(t, w.build(jobs.BuildInput{}).out.Cached, "the container has not built it yet")
	w.runner.env = local
	require.True(t, w.build(jobs.BuildInput{}).out.Cached)
}

// The modules that a cached preview loads are served, even when they were lost.
func TestCachedPreviewKeepsItsModules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.build(jobs.BuildInput{})
	require.Contains(t, w.blobs.modules, "engine.js")
	clear(w.blobs.modules)
	require.True(t, w.build(jobs.BuildInput{}).out.Cached)
	require.Contains(t, w.blobs.modules, "engine.js")
	clear(w.blobs.modules)
	w.blobs.moduleErr = errors.New("full")
	_, _, err := w.try(jobs.BuildInput{})
	require.Error(t, err, "a preview without its modules is no success")
}

// Equal builds may run concurrently, and each has its artifact.
func TestConcurrentEqualBuilds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 8
	w.runner.together = make(chan struct{})
	w.runner.waitFor = n
	var wg sync.WaitGroup
	digests := make(chan string, n)
	for range n {
		wg.Go(func() {
			res, job, err := w.try(jobs.BuildInput{})
			if err != nil {
				t.Error(err)
				return
			}
			w.store.save(job, res)
			digests <- res.Artifact.Digest
		})
	}
	wg.Wait()
	close(digests)
	seen := map[string]bool{}
	for d := range digests {
		seen[d] = true
	}
	require.Len(t, seen, 1)
	require.Equal(t, n, w.runner.runs)
	require.Len(t, w.store.artifacts, n)
	w.runner.together = nil
	require.True(t, w.build(jobs.BuildInput{}).out.Cached)
}

// Texts for users and names do not affect the content.
func TestKeyLeavesOutWhatDoesNotMatter(t *testing.T) {
	t.Parallel()
	key := func(title, guide, revision, mediaType string) string {
		b := &building{
			Attempt: &jobs.Attempt{Job: &models.Job{ID: models.NewID(), AccountID: "a"}},
			engine:  &fakeEngine{info: engines.Info{Name: "e", Version: "1", Title: title, Guide: guide}},
			rev:     &models.Revision{ID: revision, Manifest: models.Manifest{{Path: "x", SHA256: "00", Size: 1, MediaType: mediaType}}},
			title:   "T", out: Output{Mode: engines.Preview},
			plan: engines.Plan{Bundle: &engines.Bundle{Entry: "x"}},
		}
		require.Empty(t, b.cacheKey(engines.Environment{}), "an unknown environment is like no other")
		return b.cacheKey(engines.Environment{Kind: engines.InProcess, Digest: "d", Agent: "g", Modules: module()})
	}
	require.Len(t, key("", "", "", ""), 64)
	require.Equal(t, key("", "", "", ""), key("Engine", "- a guide", models.NewID(), "text/plain"))
}
