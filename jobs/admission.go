package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spark-games/spark/models"
)

// admission refuses jobs of accounts for which enough wait already. It counts at most once a second and adds what it admits in
// between, so several processes together may admit what they accept within a second more. The zero value is ready.
type admission struct {
	mu       sync.Mutex
	accounts map[string]waitingCount
}

// waitingCount is how many jobs of an account wait.
type waitingCount struct {
	n  int
	at time.Time // when they were counted
}

const (
	countedFor = time.Second
	// countedAccounts limits what is remembered; beyond it, all is counted anew.
	countedAccounts = 10_000
)

// admit takes places for new jobs of an account, or refuses them with CodeBacklogFull.
func (s *Service) admit(ctx context.Context, accountID string, jobs int) error {
	if s.MaxWaiting == 0 {
		return nil
	}
	a := &s.admission
	c, known := a.get(accountID)
	if !known {
		n, err := s.Intake.CountWaiting(ctx, accountID, s.MaxWaiting+1)
		if err != nil {
			return err
		}
		c = waitingCount{n, time.Now()}
	}
	if !a.add(accountID, c, jobs, s.MaxWaiting) {
		return models.NewError(models.CodeBacklogFull, fmt.Sprintf("%d jobs of this account wait already, the most that may; try again when some have started",
			s.MaxWaiting))
	}
	return nil
}

func (a *admission) get(accountID string) (waitingCount, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.accounts[accountID]
	return c, ok && time.Since(c.at) < countedFor
}

// add adds jobs to a count, unless that is more than most. What others have added since the count was read is kept.
func (a *admission) add(accountID string, c waitingCount, jobs, most int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now, ok := a.accounts[accountID]; ok && !now.at.Before(c.at) {
		c = now
	}
	if c.n+jobs > most {
		return false
	}
	c.n += jobs
	if a.accounts == nil || len(a.accounts) >= countedAccounts {
		a.accounts = make(map[string]waitingCount)
	}
	a.accounts[accountID] = c
	return true
}
