// Package history keeps what clients were told: which jobs they submitted, what was accepted, what they saw of it and when. The checker
// compares it with what the database says in the end.
package history

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Expectation is how a job has to end if no fault is to blame for another end.
type Expectation struct {
	State string // "succeeded", "failed" or "cancelled"
	Code  string // of a failure
}

// Job is an accepted job, as its client knows it.
type Job struct {
	ID, Account, Project, Pipeline, Kind string
	Tag                                  string // by which the model server knows a generation
	Waits                                []string
	OnDependencyFailure                  string // "cancel" or "run"
	Replaceable                          bool   // its concurrency key's policy lets a newer job cancel it
	Expect                               Expectation
	Accepted                             time.Time

	CancelSent, CancelAcked time.Time // zero for none

	LastSeq int64
	Final   string // as the event stream said
	FinalAt time.Time
	Gaps    []string
}

// Submission is one request to submit jobs, whatever became of it.
type Submission struct {
	Account, Project string
	Kinds            []string
	Tags             []string
	At               time.Time
	Accepted         bool
	Refused          bool // the answer says that nothing was accepted
}

// History is safe for concurrent use.
type History struct {
	mu          sync.Mutex
	jobs        map[string]*Job
	order       []string
	streams     map[string]*Stream
	submissions []Submission
	reconnects  int
}

// Stream is what the follower of an account's stream has seen.
type Stream struct {
	Position int64            // of the last event
	Seqs     map[string]int64 // of the last event of each job
	Gaps     []string
}

// New is an empty history.
func New() *History {
	return &History{jobs: make(map[string]*Job), streams: make(map[string]*Stream)}
}

// Streamed records an event of an account's stream: positions ascend, and the events of a job come without a gap.
func (h *History) Streamed(account string, position int64, jobID string, seq int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[account]
	if s == nil {
		s = &Stream{Seqs: make(map[string]int64)}
		h.streams[account] = s
	}
	if position <= s.Position {
		s.Gaps = append(s.Gaps, fmt.Sprintf("position %d came after %d", position, s.Position))
	}
	if last := s.Seqs[jobID]; seq != last+1 {
		s.Gaps = append(s.Gaps, fmt.Sprintf("at %d, event %d of job %s came after %d", position, seq, jobID, last))
	}
	s.Position, s.Seqs[jobID] = position, seq
}

// Stream is what the follower of an account has seen so far.
func (h *History) Stream(account string) Stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[account]
	if s == nil {
		return Stream{}
	}
	return Stream{s.Position, maps.Clone(s.Seqs), slices.Clone(s.Gaps)}
}

// Retrying records that a client is about to ask for another run of a job that has failed: its events go on.
func (h *History) Retrying(jobID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jobs[jobID].Final = ""
}

// Submitted records a request and the jobs that it was answered with.
func (h *History) Submitted(s Submission, accepted ...*Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.submissions = append(h.submissions, s)
	for _, j := range accepted {
		h.jobs[j.ID] = j
		h.order = append(h.order, j.ID)
	}
}

// Saw records an event of a job's stream: ids count from 1 without a gap, however often the client has reconnected.
func (h *History) Saw(jobID string, seq int64, kind string, terminal bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	j := h.jobs[jobID]
	if seq != j.LastSeq+1 {
		j.Gaps = append(j.Gaps, fmt.Sprintf("event %d (%s) came after %d", seq, kind, j.LastSeq))
	}
	if j.Final != "" {
		j.Gaps = append(j.Gaps, fmt.Sprintf("event %d (%s) came after the job had %s", seq, kind, j.Final))
	}
	j.LastSeq = seq
	if terminal {
		j.Final, j.FinalAt = kind, time.Now()
	}
}

// Reconnected counts a broken event stream.
func (h *History) Reconnected() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reconnects++
}

// CancelSent records that a client is about to ask for a cancel.
func (h *History) CancelSent(jobID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if j := h.jobs[jobID]; j.CancelSent.IsZero() {
		j.CancelSent = time.Now()
	}
}

// CancelAcked records that a cancel was acknowledged.
func (h *History) CancelAcked(jobID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jobs[jobID].CancelAcked = time.Now()
}

// Seen is how far the client has followed a job, and whether it has seen the end.
func (h *History) Seen(jobID string) (last int64, final string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	j := h.jobs[jobID]
	return j.LastSeq, j.Final
}

// Open are the accepted jobs whose end no client has seen.
func (h *History) Open() (ids []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range h.order {
		if h.jobs[id].Final == "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Jobs are copies of all accepted jobs, in the order of their acceptance.
func (h *History) Jobs() []Job {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]Job, len(h.order))
	for i, id := range h.order {
		all[i] = *h.jobs[id]
	}
	return all
}

// Submissions are all requests to submit.
func (h *History) Submissions() []Submission {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.submissions)
}

// Reconnects is how many event streams broke.
func (h *History) Reconnects() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reconnects
}
