package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// Retention removes what is not kept any longer. Each method removes one small batch in one transaction, and reads by short
// walks of an index. Any number of schedulers may call them concurrently.
//
// What is removed is found by walks, from the oldest on, whose positions are kept in the database: each step takes up to
// walkStep things that have become old enough, decides what goes, and moves on. So what stays is not looked at again.
type Retention struct{ *db }

// The walks, by their names in the retention table.
const (
	walkEvents     = "events"
	walkJobs       = "jobs"
	walkRollupJobs = "rollup_jobs"
	walkPreviews   = "previews"
	walkReleases   = "releases"
	walkRevisions  = "revisions"
)

// walkStep bounds how many things one step looks at.
const walkStep = 200

// walk is one of the walks.
type walk struct {
	name string
	// at is the time of the nth thing, counted from 0, whose time is in the span; ok is false if there are fewer.
	at func(q *gorm.DB, d dialect, in span, nth int) (t time.Time, ok bool, err error)
	// most is the time up to which the walk may go, whatever the policy says; nil is any.
	most func(ctx context.Context) (time.Time, error)
	// remove removes what has become old enough by the step, which covers a span, and counts it.
	remove func(tx *tx, in span, removed map[string]int) error
}

// span is a time from one instant until before another.
type span struct{ from, to time.Time }

// forever is the end of a span without one.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// step does the next step of a walk, for what is older than keep, unless another scheduler is at it.
func (s *Retention) step(ctx context.Context, w walk, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{}
	now, err := s.clock(ctx)
	if err != nil {
		return done, err
	}
	cutoff := now.Add(-keep)
	if w.most != nil {
		most, err := w.most(ctx)
		if err != nil {
			return done, err
		}
		if most.Before(cutoff) {
			cutoff = most
		}
	}
	if err := s.write(ctx, func(tx *tx) error { return tx.walkOn(w, cutoff, &done) }); err != nil {
		return models.Pruning{}, err
	}
	q := s.read(ctx)
	from, err := doneTo(q, w.name)
	if err != nil {
		return done, s.wrap(err)
	}
	done.Oldest, _, err = w.at(q, s.dialect, span{from, forever}, 0)
	return done, s.wrap(err)
}

func (tx *tx) walkOn(w walk, cutoff time.Time, done *models.Pruning) error {
	*done = models.Pruning{Removed: make(map[string]int)}
	err := tx.Exec("INSERT INTO retention (name, done_to) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
		w.name, tx.dialect.timestamp(time.Unix(0, 0))).Error
	if err != nil {
		return err
	}
	var mine []struct{ DoneTo time.Time }
	err = tx.Raw("SELECT done_to FROM retention WHERE name = ?"+tx.dialect.lock(passLocked), w.name).Scan(&mine).Error
	if err != nil || len(mine) == 0 || !mine[0].DoneTo.Before(cutoff) {
		return err
	}
	in := span{mine[0].DoneTo.UTC(), cutoff}
	last, full, err := w.at(tx.DB, tx.dialect, in, walkStep-1)
	if err != nil {
		return err
	}
	if full { // with all that have the same time
		in.to = last.Add(time.Millisecond).Truncate(time.Millisecond)
		done.More = true
	}
	if err := w.remove(tx, in, done.Removed); err != nil {
		return err
	}
	return tx.Exec("UPDATE retention SET done_to = ? WHERE name = ?", tx.dialect.timestamp(in.to), w.name).Error
}

// doneTo is how far walks have come, the farthest of them; the zero time if none has begun.
func doneTo(q *gorm.DB, walks ...string) (to time.Time, err error) {
	var rows []struct{ DoneTo time.Time }
	err = q.Raw("SELECT done_to FROM retention WHERE name IN ?", walks).Scan(&rows).Error
	for _, r := range rows {
		if r.DoneTo.After(to) {
			to = r.DoneTo.UTC()
		}
	}
	return to, err
}
