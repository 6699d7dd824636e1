package jobs

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spark-games/spark/models"
)

// Spending tells what was used today.
type Spending interface {
	// Spent is what an account has used, or one of its end users if it is named.
	Spent(ctx context.Context, accountID, endUser string) (models.Spent, error)
}

// quotaError refuses what would be more than a day's quota. It says when the next day begins.
type quotaError struct {
	error
	next time.Duration
}

// RetryAfter is how long the day goes on.
func (e *quotaError) RetryAfter() time.Duration { return e.next }
func (e *quotaError) Unwrap() error             { return e.error }

// spending remembers for a second what was used, and what was submitted since. So several processes together may accept what they accept within
// a second more. The zero value is ready.
type spending struct {
	mu    sync.Mutex
	known map[[2]string]spentAt // by account and end user
}

type spentAt struct {
	models.Spent
	at time.Time
}

// look is what an account or an end user has used.
func (s *spending) look(ctx context.Context, from Spending, accountID, endUser string) (models.Spent, error) {
	key := [2]string{accountID, endUser}
	s.mu.Lock()
	was, ok := s.known[key]
	s.mu.Unlock()
	if ok && time.Since(was.at) < countedFor {
		return was.Spent, nil
	}
	spent, err := from.Spent(ctx, accountID, endUser)
	if err != nil {
		return spent, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) >= countedAccounts {
		s.known = make(map[[2]string]spentAt)
	}
	// What was counted may not have what was accepted in the last moments.
	if was, ok := s.known[key]; ok && sameDay(was.at, time.Now()) {
		spent.Jobs = max(spent.Jobs, was.Jobs)
	}
	s.known[key] = spentAt{spent, time.Now()}
	return spent, nil
}

func (s *spending) add(accountID, endUser string, jobs int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{accountID, endUser}
	if was, ok := s.known[key]; ok {
		was.Jobs += int64(jobs)
		s.known[key] = was
	}
}

func sameDay(a, b time.Time) bool { return models.DayEnds(a).Equal(models.DayEnds(b)) }

// withinQuotas refuses new jobs that are more than what is left of the day's quotas, or of kinds of which all is used.
func (s *Service) withinQuotas(ctx context.Context, limits models.Limits, accountID, endUser string, kinds []models.Kind) error {
	if len(limits.Quotas(models.Spent{}, models.Spent{})) == 0 {
		return nil
	}
	account, err := s.spending.look(ctx, s.Intake, accountID, "")
	if err != nil {
		return err
	}
	var theirs models.Spent
	if endUser != "" {
		if theirs, err = s.spending.look(ctx, s.Intake, accountID, endUser); err != nil {
			return err
		}
	}
	count := func(k models.Kind) (n int64) {
		for _, one := range kinds {
			if one == k {
				n++
			}
		}
		return n
	}
	for _, q := range limits.Quotas(account, theirs) {
		more := int64(len(kinds))
		switch {
		case endUser == "" && q.OfEndUser():
			continue
		case strings.HasPrefix(q.Name, "tokens"): // how many it will be is not known before
			more = min(count(models.KindGeneration), 1)
		case strings.HasPrefix(q.Name, "build"):
			more = min(count(models.KindBuild), 1)
		}
		if more > 0 && q.Used+more > q.Limit {
			message := fmt.Sprintf("the quota %s is %d, of which %d are used; the next day begins at 00:00 UTC", q.Name, q.Limit, q.Used)
			return &quotaError{models.NewError(models.CodeQuotaExceeded, message), time.Until(models.DayEnds(time.Now()))}
		}
	}
	s.spending.add(accountID, "", len(kinds))
	if endUser != "" {
		s.spending.add(accountID, endUser, len(kinds))
	}
	return nil
}
