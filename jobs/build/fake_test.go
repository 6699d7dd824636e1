package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// world is a project and everything around the handler.
type world struct {
	t       *testing.T
	handler *Handler
	store   *fakeStore
	blobs   *fakeBlobs
	engine  *fakeEngine
	runner  *fakeRunner
	project *models.Project
	rev     *models.Revision

	mu      sync.Mutex
	counted []string
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, blobs: &fakeBlobs{data: map[string][]byte{}, modules: map[string]bool{}, renewed: map[string]bool{}},
		engine: &fakeEngine{info: engines.Info{Name: "fake", Title: "Fake", Version: "1"}, entry: "main.js"}}
	w.runner = &fakeRunner{env: engines.Environment{Kind: engines.InProcess, Digest: "a", Agent: "a",
		Limits: engines.Limits{Time: time.Minute, MemoryBytes: 1, OutputFiles: 1}, Modules: module()}}
	w.project = &models.Project{ID: models.NewID(), AccountID: models.NewID(), Name: "p", Engine: "fake"}
	w.rev = &models.Revision{ID: models.NewID(), ProjectID: w.project.ID, Title: "Game"}
	w.project.RevisionID = w.rev.ID
	w.files(map[string]string{"main.js": "1", "index.html": ""})
	w.store = &fakeStore{w: w, jobs: map[string]*models.Job{}}
	w.handler = &Handler{Store: w.store, Blobs: w.blobs, Engines: w.engine, Runner: w.runner, Observer: w}
	return w
}

// files gives the project other files.
func (w *world) files(texts map[string]string) {
	var files []models.File
	for path, text := range texts {
		files = append(files, models.File{Path: path, Data: []byte(text)})
	}
	m, err := jobs.StoreFiles(w.t.Context(), w.blobs, files)
	require.NoError(w.t, err)
	w.rev.Manifest = m
}

func (w *world) BuildCache(_, result string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counted = append(w.counted, result)
}

// ended is a build that succeeded.
type ended struct {
	job      *models.Job
	out      Output
	artifact *models.Artifact
}

func (w *world) try(in jobs.BuildInput) (*jobs.Result, *models.Job, error) {
	job := &models.Job{ID: models.NewID(), AccountID: w.project.AccountID, ProjectID: w.project.ID, Input: models.ToJSON(in)}
	res, err := w.handler.Run(w.t.Context(), &jobs.Attempt{Job: job})
	return res, job, err
}

func (w *world) build(in jobs.BuildInput) ended {
	w.t.Helper()
	res, job, err := w.try(in)
	require.NoError(w.t, err)
	w.store.save(job, res)
	return ended{job, outputOf(w.t, res), res.Artifact}
}

func outputOf(t *testing.T, res *jobs.Result) Output {
	t.Helper()
	var out Output
	require.NoError(t, json.Unmarshal(res.Output, &out))
	return out
}

// fakeStore is the store's part that the handler reads.
type fakeStore struct {
	w        *world
	mu       sync.Mutex
	jobs     map[string]*models.Job
	cacheErr error

	artifacts []*models.Artifact
}

func (s *fakeStore) save(job *models.Job, res *jobs.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	job.Output, job.State = res.Output, models.StateSucceeded
	s.jobs[job.ID] = job
	s.artifacts = append(s.artifacts, res.Artifact)
}

func (s *fakeStore) Project(context.Context, string, string) (*models.Project, error) {
	return s.w.project, nil
}
func (s *fakeStore) Revision(context.Context, string, string) (*models.Revision, error) {
	return s.w.rev, nil
}
func (s *fakeStore) Ancestor(context.Context, string, string, models.Kind) (*models.Job, error) {
	return nil, nil
}

func (s *fakeStore) Job(_ context.Context, account, id string) (*models.Job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if j := s.jobs[id]; j != nil && j.AccountID == account {
		return j, nil
	}
	return nil, models.NewError(models.CodeNotFound, "no such job")
}

func (s *fakeStore) CachedBuild(_ context.Context, account, key string) (*models.Artifact, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cacheErr != nil {
		return nil, s.cacheErr
	}
	for _, a := range slices.Backward(s.artifacts) {
		if a.AccountID == account && a.CacheKey == key && !a.Cached() {
			return a, nil
		}
	}
	return nil, models.NewError(models.CodeNotFound, "no such build")
}

// fakeBlobs keeps files in memory.
type fakeBlobs struct {
	mu                sync.Mutex
	data              map[string][]byte
	modules, renewed  map[string]bool
	putErr, moduleErr error
}

func (b *fakeBlobs) Put(_ context.Context, r io.Reader, limit int64) (string, int64, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil {
		return "", 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	digest := sha256.Sum256(data)
	sum := hex.EncodeToString(digest[:])
	if b.putErr == nil {
		b.data[sum] = data
	}
	return sum, int64(len(data)), b.putErr
}

type content struct{ io.ReadSeeker }

func (content) Close() error { return nil }

func (b *fakeBlobs) Open(_ context.Context, sum string) (io.ReadSeekCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.data[sum]
	if !ok {
		return nil, models.NewError(models.CodeNotFound, "no such file")
	}
	return content{bytes.NewReader(data)}, nil
}

func (b *fakeBlobs) Renew(_ context.Context, sum string, size int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if data, ok := b.data[sum]; !ok || int64(len(data)) != size {
		return models.NewError(models.CodeNotFound, "no such file")
	}
	b.renewed[sum] = true
	return nil
}

func (b *fakeBlobs) PutModule(_ context.Context, file string, _ []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.moduleErr == nil {
		b.modules[file] = true
	}
	return b.moduleErr
}

// fakeEngine is its own registry.
type fakeEngine struct {
	engines.Engine
	info  engines.Info
	entry string

	mu     sync.Mutex
	refuse int // how many of the next judgements are bad
}

func (e *fakeEngine) Get(string, string) (engines.Engine, error) { return e, nil }
func (e *fakeEngine) Info() engines.Info                         { return e.info }
func (e *fakeEngine) Plan(r engines.BuildRequest) (engines.Plan, error) {
	return engines.Plan{Bundle: &engines.Bundle{Entry: e.entry, Title: r.Title, Mode: r.Mode}}, nil
}

func (e *fakeEngine) Verify(_ engines.BuildRequest, outputs engines.Outputs) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse--; e.refuse >= 0 || len(outputs.Manifest()) == 0 {
		return models.NewError(models.CodeInvalidOutput, "no game")
	}
	return nil
}

// fakeRunner makes one file of all files.
type fakeRunner struct {
	env    engines.Environment
	ranIn  *engines.Environment // when it is not env
	envErr error
	err    error

	mu       sync.Mutex
	runs     int
	waitFor  int
	together chan struct{} // closed when so many run concurrently
}

func (r *fakeRunner) Environment(context.Context, engines.RunRequest) (engines.Environment, error) {
	return r.env, r.envErr
}

func (r *fakeRunner) Run(_ context.Context, job engines.RunRequest) (*engines.Result, error) {
	r.mu.Lock()
	r.runs++
	together := r.together
	if together != nil && r.runs == r.waitFor {
		close(together)
	}
	r.mu.Unlock()
	if together != nil {
		<-together
	}
	if r.err != nil {
		return &engines.Result{}, r.err
	}
	texts := map[string]string{}
	for _, f := range job.Files {
		texts[f.Path] = string(f.Data)
	}
	var out strings.Builder
	for _, path := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&out, "%s=%s;", path, texts[path])
	}
	env := r.env
	if r.ranIn != nil {
		env = *r.ranIn
	}
	return &engines.Result{Outputs: engines.InMemory([]models.File{{Path: "index.html", Data: []byte(out.String())}}), SharedModules: env.Modules,
		Diagnostics: []engines.Diagnostic{{Severity: "warning", Text: "unused variable"}}, Duration: time.Second, Environment: env}, nil
}

func module() []engines.ModuleBlob {
	return []engines.ModuleBlob{{Specifier: "engine", Entry: models.ManifestEntry{Path: "engine.js", SHA256: "ab", Size: 1}, Data: []byte("x")}}
}
