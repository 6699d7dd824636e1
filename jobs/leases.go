package jobs

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// leaseSet holds the attempts that this worker runs, and how to stop each. The zero value is ready.
type leaseSet struct {
	mu   sync.Mutex
	held map[models.Fence]*heldLease
}

type heldLease struct {
	cancel context.CancelCauseFunc
	gone   chan struct{} // closed when the attempt has ended
}

// hold registers an attempt; the returned func ends it.
func (s *leaseSet) hold(f models.Fence, cancel context.CancelCauseFunc) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = make(map[models.Fence]*heldLease)
	}
	l := &heldLease{cancel: cancel, gone: make(chan struct{})}
	s.held[f] = l
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.held, f)
		close(l.gone)
	}
}

// gone is closed when the attempt has ended.
func (s *leaseSet) gone(f models.Fence) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.held[f]; ok {
		return l.gone
	}
	closed := make(chan struct{})
	close(closed)
	return closed
}

func (s *leaseSet) fences() []models.Fence {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]models.Fence, 0, len(s.held))
	for f := range s.held {
		all = append(all, f)
	}
	return all
}

func (s *leaseSet) cancel(jobID string, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f, l := range s.held {
		if f.JobID == jobID {
			l.cancel(cause)
		}
	}
}

// cancelFence stops an attempt, and reports whether it was still running.
func (s *leaseSet) cancelFence(f models.Fence, cause error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.held[f]
	if ok {
		l.cancel(cause)
	}
	return ok
}

// RenewLeases renews the leases of running attempts, all in one statement, until ctx is done. It stops attempts whose lease is
// lost or whose job was cancelled. While the database is down the attempts continue: nobody else can claim them either.
func (e *Executor) RenewLeases(ctx context.Context) {
	tick := time.NewTicker(RenewEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			e.renewOnce(ctx)
		}
	}
}

func (e *Executor) renewOnce(parent context.Context) {
	held := e.leases.fences()
	if len(held) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(parent, LeaseDuration)
	defer cancel()
	renewed, err := e.Ledger.Renew(ctx, e.Owner, held, LeaseDuration)
	if err != nil {
		if parent.Err() == nil {
			e.Observer.LeasesRenewed(0, 0, len(held))
			e.Log.Warn("leases could not be renewed", zap.Int("held", len(held)), zap.Error(err))
		}
		return
	}
	alive := make(map[models.Fence]bool, len(renewed))
	for _, r := range renewed {
		alive[r.Fence] = true
		if r.CancelRequested {
			e.leases.cancelFence(r.Fence, ErrCancelled)
		}
	}
	lost := 0
	for _, f := range held {
		// An attempt that finished meanwhile has no lease either, and lost none.
		if alive[f] || !e.leases.cancelFence(f, ErrLeaseLost) {
			continue
		}
		lost++
		e.survived(ctx, f)
	}
	e.Observer.LeasesRenewed(len(renewed), lost, 0)
}

// survived says that an attempt lost its lease while its worker lives.
func (e *Executor) survived(ctx context.Context, f models.Fence) {
	if err := e.Suspects.Survived(ctx, e.Owner, f); err != nil {
		e.Log.Warn("a job stays a suspect although its worker lives", zap.String("job", f.JobID), zap.Error(err))
	}
}
