package backup

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// A backup of a platform at work is one moment of it: what was committed together is there together, every file that is referred to
// is in it, and what is removed meanwhile is kept for it.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{lite, post} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url, blobs := empty(t, kind), folder(t)
			s := opened(t, url)
			platform, err := s.Platform.ID(t.Context())
			require.NoError(t, err)
			require.NoError(t, blobs.Adopt(platform))
			var before []*models.Project
			for i := range 20 {
				p := newProject(t, s)
				require.NoError(t, commit(t.Context(), s, p, put(t, blobs, fmt.Sprint("before ", i))))
				before = append(before, p)
			}

			ctx, stop := context.WithCancel(t.Context())
			var writers sync.WaitGroup
			worked := make(chan struct{}, 1000)
			for n := range 4 {
				p := newProject(t, s)
				writers.Go(func() {
					for i := 0; ctx.Err() == nil; i++ {
						submit(t, s, p)
						if err := commit(t.Context(), s, p, put(t, blobs, fmt.Sprint("writer ", n, " ", i))); err != nil {
							t.Error(err)
						}
						select {
						case worked <- struct{}{}:
						default:
						}
					}
				})
			}
			for range 20 {
				<-worked
			}
			made, err := Write(t.Context(), url, blobs, filepath.Join(t.TempDir(), "load.tar"))
			require.NoError(t, err)
			for range 4 {
				<-worked
			}
			stop()
			writers.Wait()
			require.Empty(t, made.Missing)

			target, into := empty(t, kind), folder(t)
			_, err = Restore(t.Context(), target, into, made.File)
			require.NoError(t, err)
			copied := opened(t, target)
			referred := 0
			require.NoError(t, copied.Platform.EachContent(t.Context(), func(digest string) error {
				referred++
				c, err := into.Open(t.Context(), digest)
				if err != nil {
					return err
				}
				_, err = io.Copy(io.Discard, c)
				require.NoError(t, c.Close())
				return err
			}))
			require.GreaterOrEqual(t, referred, 40)
			for _, p := range before {
				_, err := copied.Projects.Project(t.Context(), p.AccountID, p.ID)
				require.NoError(t, err)
			}
			wholeJobs(t, copied)
		})
	}
}

// submit makes two jobs, of which one waits for the other, in one transaction.
func submit(t *testing.T, s *store.Store, p *models.Project) {
	pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}
	newJob := func(kind models.Kind, state models.State) *models.Job {
		return &models.Job{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, PipelineID: pipeline.ID, Kind: kind,
			Priority: models.PriorityDefault, State: state, Input: models.JSON(`{}`), MaxFailures: 3, OnDependencyFailure: models.DependencyCancel}
	}
	first, second := newJob(models.KindBuild, models.StateQueued), newJob(models.KindExport, models.StateBlocked)
	if err := s.Jobs.Submit(t.Context(), jobs.Submission{Pipeline: pipeline, Jobs: []*models.Job{first, second},
		Dependencies: []models.Dependency{{JobID: second.ID, DependsOn: first.ID}}}); err != nil {
		t.Error(err)
	}
}

// wholeJobs checks that every job has its pipeline, its partner and its events.
func wholeJobs(t *testing.T, s *store.Store) {
	t.Helper()
	seen := make(map[string]int)
	for page := (models.Page{Limit: 100}); ; {
		list, err := s.Platform.ListJobs(t.Context(), models.PlatformJobFilter{}, page)
		require.NoError(t, err)
		for _, j := range list {
			events, err := s.Jobs.Events(t.Context(), j.AccountID, j.ID, 0, 100)
			require.NoError(t, err)
			require.NotEmpty(t, events)
			seen[j.PipelineID]++
			page.Before = j.ID
		}
		if len(list) == 0 {
			break
		}
	}
	require.NotEmpty(t, seen)
	for id, n := range seen {
		require.Equal(t, 2, n, "pipeline %s", id)
	}
}

// What loses its reference after the snapshot is not swept before it is in the backup; afterwards it is.
func TestBackupKeepsWhatIsSwept(t *testing.T) {
	t.Parallel()
	url, blobs := empty(t, lite), folder(t)
	s := opened(t, url)
	platform, err := s.Platform.ID(t.Context())
	require.NoError(t, err)
	require.NoError(t, blobs.Adopt(platform))
	p := newProject(t, s)
	file := put(t, blobs, "dropped in between")
	require.NoError(t, commit(t.Context(), s, p, file))
	sweep := func() int {
		n, err := blobs.Sweep(t.Context(), platform, 0, time.Time{}, func(context.Context, func(string) error) error { return nil })
		require.NoError(t, err)
		return n
	}
	ctx := &hooked{Context: t.Context(), hook: func() { require.Zero(t, sweep()) }}
	made, err := Write(ctx, url, blobs, t.TempDir())
	require.NoError(t, err)
	require.Positive(t, ctx.unhook(), "there were sweeps during the backup")
	require.Empty(t, made.Missing)
	_, got := contentOf(t, fileContent(t, made.File))
	require.Equal(t, "dropped in between", got.files[file.SHA256])
	require.Equal(t, 1, sweep())
}

// hooked is a context that calls a function whenever it is asked, until it is unhooked: what a backup started may end after it.
type hooked struct {
	context.Context
	hook  func()
	mu    sync.Mutex
	hooks int
}

func (h *hooked) Err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hook != nil {
		h.hooks++
		h.hook()
	}
	return h.Context.Err()
}

// unhook returns how often the function was called.
func (h *hooked) unhook() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hook = nil
	return h.hooks
}
