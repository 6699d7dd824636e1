package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// fakeStore is every port in memory. err, when set, is what all of them answer.
type fakeStore struct {
	mu        sync.Mutex
	err       error
	keys      map[string]*models.APIKey
	projects  []models.Project
	revisions []models.Revision
	jobs      []models.Job
	pipelines []models.Pipeline
	events    map[string][]models.Event
	artifacts []models.Artifact
	envelopes map[string]string
	signing   []models.SigningKey
	usage     []models.Usage
	workers   []models.WorkerReport
	usageAsk  models.UsageFilter
	blobs     map[string][]byte
	watchers  map[string]map[chan struct{}]bool

	beforeCommit func() // called without the lock
}

func newFakeStore() *fakeStore {
	return &fakeStore{keys: map[string]*models.APIKey{}, events: map[string][]models.Event{},
		blobs: map[string][]byte{}, watchers: map[string]map[chan struct{}]bool{}}
}

var errNone = models.NewError(models.CodeNotFound, "no such thing")

// find returns a copy of the row with an id that the account may see.
func find[T any](s *fakeStore, rows *[]T, key func(*T) (id, account string), account, id string) (*T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	for i := range *rows {
		if rowID, owner := key(&(*rows)[i]); rowID == id && (owner == account || account == "") {
			c := (*rows)[i]
			return &c, nil
		}
	}
	return nil, errNone
}

// list returns the rows that match, newest first, as a store does.
func list[T any](s *fakeStore, rows *[]T, key func(*T) (id, account string), account string, p models.Page, match func(*T) bool) ([]T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	var found []T
	for i := range *rows {
		r := &(*rows)[i]
		if id, owner := key(r); owner == account && (p.Before == "" || id < p.Before) && match(r) {
			found = append(found, *r)
		}
	}
	slices.SortFunc(found, func(a, b T) int {
		idA, _ := key(&a)
		idB, _ := key(&b)
		return strings.Compare(idB, idA)
	})
	return found[:min(len(found), p.Limit)], nil
}

func keyOfProject(p *models.Project) (string, string)   { return p.ID, p.AccountID }
func keyOfRevision(r *models.Revision) (string, string) { return r.ID, r.AccountID }
func keyOfJob(j *models.Job) (string, string)           { return j.ID, j.AccountID }
func keyOfPipeline(p *models.Pipeline) (string, string) { return p.ID, p.AccountID }
func keyOfArtifact(a *models.Artifact) (string, string) { return a.ID, a.AccountID }

func (s *fakeStore) APIKeyByHash(_ context.Context, hash []byte) (*models.APIKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k, ok := s.keys[string(hash)]; ok {
		return k, nil
	}
	return nil, errNone
}

func (s *fakeStore) CreateProject(_ context.Context, p *models.Project) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		p.CreatedAt, p.UpdatedAt = time.Now(), time.Now()
		s.projects = append(s.projects, *p)
	}
	return s.err
}

func (s *fakeStore) Project(_ context.Context, account, id string) (*models.Project, error) {
	return find(s, &s.projects, keyOfProject, account, id)
}

func (s *fakeStore) ListProjects(_ context.Context, account string, p models.Page) ([]models.Project, error) {
	return list(s, &s.projects, keyOfProject, account, p, func(*models.Project) bool { return true })
}

func (s *fakeStore) Revision(_ context.Context, account, id string) (*models.Revision, error) {
	return find(s, &s.revisions, keyOfRevision, account, id)
}

func (s *fakeStore) ListRevisions(_ context.Context, account, project string, p models.Page) ([]models.Revision, error) {
	return list(s, &s.revisions, keyOfRevision, account, p, func(r *models.Revision) bool { return r.ProjectID == project })
}

func (s *fakeStore) Commit(_ context.Context, account, project string, edit func(*models.Revision) (*models.Revision, error)) (*models.Revision, error) {
	if s.beforeCommit != nil {
		s.beforeCommit()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.projects {
		if p := &s.projects[i]; p.ID == project && p.AccountID == account {
			var base *models.Revision
			for _, r := range s.revisions {
				if r.ID == p.RevisionID {
					base = &r
				}
			}
			rev, err := edit(base)
			if err != nil || rev == base {
				return rev, err
			}
			rev.CreatedAt, rev.Files, rev.Bytes = time.Now(), len(rev.Manifest), rev.Manifest.Bytes()
			p.RevisionID = rev.ID
			s.revisions = append(s.revisions, *rev)
			return rev, nil
		}
	}
	return nil, errNone
}

func (s *fakeStore) Job(_ context.Context, account, id string) (*models.Job, error) {
	return find(s, &s.jobs, keyOfJob, account, id)
}

func (s *fakeStore) ListJobs(_ context.Context, account string, f models.JobFilter, p models.Page) ([]models.Job, error) {
	return list(s, &s.jobs, keyOfJob, account, p, func(j *models.Job) bool {
		return (f.State == "" || f.State == j.State) && (f.Kind == "" || f.Kind == j.Kind) &&
			(f.ProjectID == "" || f.ProjectID == j.ProjectID) && (f.PipelineID == "" || f.PipelineID == j.PipelineID)
	})
}

func (s *fakeStore) Pipeline(_ context.Context, account, id string) (*models.Pipeline, []models.Job, error) {
	p, err := find(s, &s.pipelines, keyOfPipeline, account, id)
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []models.Job
	for _, j := range s.jobs {
		if j.PipelineID == id {
			rows = append(rows, j)
		}
	}
	return p, rows, nil
}

func (s *fakeStore) Events(_ context.Context, job string, after int64, limit int) ([]models.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []models.Event
	for _, e := range s.events[job] {
		if e.Seq > after && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, s.err
}

func (s *fakeStore) Artifact(_ context.Context, account, id string) (*models.Artifact, error) {
	return find(s, &s.artifacts, keyOfArtifact, account, id)
}

func (s *fakeStore) PublicArtifact(_ context.Context, id string) (*models.Artifact, error) {
	return find(s, &s.artifacts, keyOfArtifact, "", id)
}

func (s *fakeStore) ListArtifacts(_ context.Context, account string, f models.ArtifactFilter, p models.Page) ([]models.Artifact, error) {
	return list(s, &s.artifacts, keyOfArtifact, account, p, func(a *models.Artifact) bool {
		return (f.Kind == "" || f.Kind == a.Kind) && (f.JobID == "" || f.JobID == a.JobID) && (f.ProjectID == "" || f.ProjectID == a.ProjectID)
	})
}

func (s *fakeStore) Usage(_ context.Context, _ string, f models.UsageFilter) ([]models.Usage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.usageAsk = f
	return s.usage, s.err
}

func (s *fakeStore) Put(_ context.Context, r io.Reader, limit int64) (string, int64, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = models.NewError(models.CodePayloadTooLarge, "too large")
	}
	if err != nil {
		return "", 0, err
	}
	return s.keep(data), int64(len(data)), s.err
}

// keep stores data and returns its digest.
func (s *fakeStore) keep(data []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	s.blobs[name] = bytes.Clone(data)
	return name
}

type closer struct{ io.ReadSeeker }

func (closer) Close() error { return nil }

func (s *fakeStore) Open(_ context.Context, sum string) (io.ReadSeekCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if data, ok := s.blobs[sum]; ok {
		return closer{bytes.NewReader(data)}, nil
	}
	return nil, errNone
}

func (s *fakeStore) Watch(job string) (<-chan struct{}, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := make(chan struct{}, 1)
	if s.watchers[job] == nil {
		s.watchers[job] = map[chan struct{}]bool{}
	}
	s.watchers[job][ch] = true
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers[job], ch)
	}
}

// happen adds an event to a job, with what it makes of the job's state, and tells the watchers.
func (s *fakeStore) happen(job string, t models.EventType, state models.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.jobs {
		if j := &s.jobs[i]; j.ID == job {
			j.EventSeq++
			j.State = state
			s.events[job] = append(s.events[job], models.Event{JobID: job, Seq: j.EventSeq, Type: t,
				Data: models.JSON(`{"n": 1}`), CreatedAt: time.Now()})
		}
	}
	for ch := range s.watchers[job] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Submit, Cancel and Retry make the store a jobs.Intake, for the real service.
func (s *fakeStore) Submit(_ context.Context, sub jobs.Submission) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	if sub.Pipeline != nil {
		sub.Pipeline.CreatedAt = time.Now()
		s.pipelines = append(s.pipelines, *sub.Pipeline)
	}
	for _, j := range sub.Jobs {
		j.CreatedAt = time.Now()
		s.jobs = append(s.jobs, *j)
	}
	return nil
}

func (s *fakeStore) Cancel(ctx context.Context, account, id, _ string) (*models.Job, jobs.Effects, error) {
	return s.move(ctx, account, id, models.StateCancelled)
}

func (s *fakeStore) Retry(ctx context.Context, account, id string) (*models.Job, jobs.Effects, error) {
	return s.move(ctx, account, id, models.StateQueued)
}

func (s *fakeStore) move(ctx context.Context, account, id string, to models.State) (*models.Job, jobs.Effects, error) {
	j, err := s.Job(ctx, account, id)
	if err == nil && !j.State.CanBecome(to) {
		err = models.NewError(models.CodeConflict, "a "+string(j.State)+" job cannot be "+string(to))
	}
	if err != nil {
		return nil, jobs.Effects{}, err
	}
	j.State = to
	return j, jobs.Effects{}, nil
}

func (s *fakeStore) EngineModule(sum, file string) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.blobs[sum])), file == "phaser.js" && len(s.blobs[sum]) > 0
}

func (s *fakeStore) Attestation(_ context.Context, id string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.envelopes[id]; ok && s.err == nil {
		return []byte(e), nil
	}
	return nil, orElse(s.err, errNone)
}

func (s *fakeStore) SigningKeys(context.Context) ([]models.SigningKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signing, s.err
}

func orElse(err error, other error) error {
	if err != nil {
		return err
	}
	return other
}
