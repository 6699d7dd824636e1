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

// Accounts tells what accounts may do.
type Accounts interface {
	// Standing is an account's state and its own limits, as they were within the last second or so.
	Standing(ctx context.Context, accountID string) (models.Standing, error)
}

// admit takes places for new jobs of an account, or refuses them: with CodeQuotaExceeded if the day's quotas do not allow them, with
// CodeBacklogFull if too many wait. They are free if the account's jobs may run as soon as there is room for them.
func (s *Service) admit(ctx context.Context, accountID, endUser string, kinds ...models.Kind) (free bool, err error) {
	state, limits, err := s.standing(ctx, accountID)
	if err != nil {
		return false, err
	}
	if err := s.withinQuotas(ctx, limits, accountID, endUser, kinds, true); err != nil {
		return false, err
	}
	if most := limits.MaxWaiting; isLimit(most) {
		if err = s.takePlaces(ctx, accountID, len(kinds), *most); err != nil {
			s.spending.add(accountID, endUser, -len(kinds))
		}
	}
	capped := isLimit(limits.MaxRunning) || isLimit(limits.MaxRunningPerEndUser)
	return state == models.AccountActive && !capped, err
}

// standing is the state of an account, which is not suspended, and the limits that apply to it.
func (s *Service) standing(ctx context.Context, accountID string) (models.AccountState, models.Limits, error) {
	standing, err := s.Accounts.Standing(ctx, accountID)
	if err == nil && standing.State == models.AccountSuspended {
		err = models.ErrSuspended
	}
	return standing.State, standing.Or(s.Defaults), err
}

func isLimit(n *int) bool { return n != nil && *n > 0 }

func (s *Service) takePlaces(ctx context.Context, accountID string, jobs, most int) error {
	a := &s.admission
	c, known := a.get(accountID)
	if !known {
		n, err := s.Intake.CountWaiting(ctx, accountID, most+1)
		if err != nil {
			return err
		}
		c = waitingCount{n, time.Now()}
	}
	if !a.add(accountID, c, jobs, most) {
		return models.NewError(models.CodeBacklogFull, fmt.Sprintf("%d jobs of this account wait already, the most that may; try again when some have started",
			most))
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

// admitRetry is admit for jobs that were counted when they were submitted, and have ended without success.
func (s *Service) admitRetry(ctx context.Context, accountID string, all ...models.Job) error {
	_, limits, err := s.standing(ctx, accountID)
	if err != nil {
		return err
	}
	return s.admitAgain(ctx, limits, accountID, all...)
}

// admitAgain is admitRetry with the limits that apply to the account.
func (s *Service) admitAgain(ctx context.Context, limits models.Limits, accountID string, all ...models.Job) error {
	waiting := 0
	for _, job := range all {
		if job.State != models.StateFailed && job.State != models.StateCancelled {
			continue
		}
		waiting++
		if err := s.withinQuotas(ctx, limits, accountID, job.EndUser, []models.Kind{job.Kind}, false); err != nil {
			return err
		}
	}
	if most := limits.MaxWaiting; isLimit(most) && waiting > 0 {
		return s.takePlaces(ctx, accountID, waiting, *most)
	}
	return nil
}
