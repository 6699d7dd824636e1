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

// spending remembers for a second what was used, and for some seconds what was submitted since, which the count may not have yet. So several
// processes together may accept what they accept within a second more. The zero value is ready.
type spending struct {
	mu    sync.Mutex
	known map[spender]*spentAt
}

// spender is an account, or one of its end users.
type spender struct{ accountID, endUser string }

type spentAt struct {
	models.Spent
	at time.Time // when it was counted

	base      int64     // jobs that were counted at since
	submitted int64     // jobs that were submitted after that
	since     time.Time // when base was counted
}

// jobs is how many were submitted today, as far as is known.
func (s *spentAt) jobs() int64 { return max(s.Spent.Jobs, s.base+s.submitted) }

// settled is how long it may take at most, with a margin, until what was submitted is counted. What was remembered for so long is in the count, or
// of a day that is over.
const settled = 5 * time.Second

// look is what an account or an end user has used.
func (s *spending) look(ctx context.Context, from Spending, of spender) (models.Spent, error) {
	s.mu.Lock()
	was, ok := s.known[of]
	fresh := ok && time.Since(was.at) < countedFor
	var spent models.Spent
	if fresh {
		spent = was.Spent
		spent.Jobs = was.jobs()
	}
	s.mu.Unlock()
	if fresh {
		return spent, nil
	}
	spent, err := from.Spent(ctx, of.accountID, of.endUser)
	if err != nil {
		return spent, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) >= countedAccounts {
		s.known = make(map[spender]*spentAt)
	}
	is := s.known[of]
	if is == nil || time.Since(is.since) >= settled {
		is = &spentAt{base: spent.Jobs, since: time.Now()}
		s.known[of] = is
	}
	is.Spent, is.at = spent, time.Now()
	spent.Jobs = is.jobs()
	return spent, nil
}

// add notes jobs that are submitted, or takes back that they were.
func (s *spending) add(accountID, endUser string, jobs int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whose := []spender{{accountID, ""}}
	if endUser != "" {
		whose = append(whose, spender{accountID, endUser})
	}
	for _, of := range whose {
		if is, ok := s.known[of]; ok {
			is.submitted += int64(jobs)
		}
	}
}

// storageFull refuses what would store more.
func storageFull(q models.Quota) error {
	return models.NewError(models.CodeStorageExceeded,
		fmt.Sprintf("the account may store %d MiB, and has stored as much: delete projects, or have the limit raised", q.Limit))
}

// Room refuses with CodeStorageExceeded if an account has stored all that it may, as far as was counted: a few seconds late at most.
func (s *Service) Room(ctx context.Context, accountID string) error {
	return s.RoomFor(ctx, accountID, 0)
}

// RoomFor is Room for so many bytes more.
func (s *Service) RoomFor(ctx context.Context, accountID string, more int64) error {
	_, limits, err := s.standing(ctx, accountID)
	if err != nil || !isLimit(limits.MaxStorageMB) {
		return err
	}
	spent, err := s.spending.look(ctx, s.Intake, spender{accountID, ""})
	if err != nil {
		return err
	}
	for _, q := range limits.Quotas(spent, models.Spent{}) {
		if !q.Daily() && (q.Used >= q.Limit || spent.Stored+more > q.Limit<<20) {
			return storageFull(q)
		}
	}
	return nil
}

// withinQuotas refuses jobs of kinds of which all is used, and new jobs that are more than what is left of the day's.
func (s *Service) withinQuotas(ctx context.Context, limits models.Limits, accountID, endUser string, kinds []models.Kind, areNew bool) error {
	if len(limits.Quotas(models.Spent{}, models.Spent{})) == 0 {
		return nil
	}
	account, err := s.spending.look(ctx, s.Intake, spender{accountID, ""})
	if err != nil {
		return err
	}
	var theirs models.Spent
	if endUser != "" {
		if theirs, err = s.spending.look(ctx, s.Intake, spender{accountID, endUser}); err != nil {
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
		var more int64
		switch {
		case endUser == "" && q.OfEndUser():
		case !q.Daily():
			if q.Used >= q.Limit && count(models.KindGeneration)+count(models.KindBuild)+count(models.KindExport) > 0 {
				return storageFull(q)
			}
		case strings.HasPrefix(q.Name, "tokens"): // how many it will be is not known before
			more = min(count(models.KindGeneration), 1)
		case strings.HasPrefix(q.Name, "build"):
			more = min(count(models.KindBuild), 1)
		case areNew:
			more = int64(len(kinds))
		}
		if more > 0 && q.Used+more > q.Limit {
			message := fmt.Sprintf("the quota %s is %d, of which %d are used; the next day begins at 00:00 UTC", q.Name, q.Limit, q.Used)
			return &quotaError{models.NewError(models.CodeQuotaExceeded, message), time.Until(models.DayEnds(time.Now()))}
		}
	}
	if areNew {
		s.spending.add(accountID, endUser, len(kinds))
	}
	return nil
}
