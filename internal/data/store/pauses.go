package store

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/models"
)

// What is paused is kept in the database, where jobs are released: of a paused kind no statement releases one, whichever process runs it.

// kindPaused is true in SQL for a kind of which no jobs are released.
func kindPaused(kind string) string {
	return "EXISTS (SELECT 1 FROM paused_kinds WHERE paused_kinds.kind = " + kind + ")"
}

// accountHeld is true in SQL for an account of which no jobs are released.
func accountHeld(account string) string {
	return "EXISTS (SELECT 1 FROM accounts WHERE accounts.id = " + account + " AND accounts.state <> '" + string(models.AccountActive) + "')"
}

// PauseKind stops the release of a kind's jobs, and takes those back that no worker has claimed. The first pause counts, until it is lifted.
func (s *Backlog) PauseKind(ctx context.Context, kind models.Kind, reason string) (p models.PausedKind, err error) {
	err = s.write(ctx, func(tx *tx) error {
		err := tx.Exec("INSERT INTO paused_kinds (kind, reason) VALUES (?, ?) ON CONFLICT (kind) DO NOTHING", kind, cleanText(reason)).Error
		if err != nil {
			return err
		}
		if _, err := tx.recall("job_queue.kind = ?", kind); err != nil {
			return err
		}
		if err := tx.Raw("SELECT kind, paused_at, reason FROM paused_kinds WHERE kind = ?", kind).Scan(&p).Error; err != nil {
			return err
		}
		return tx.record("kind.pause", resource{"", "kind", string(kind)})
	})
	p.PausedAt = p.PausedAt.UTC()
	return p, err
}

// ResumeKind ends a pause. There need not be one.
func (s *Backlog) ResumeKind(ctx context.Context, kind models.Kind) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.Exec("DELETE FROM paused_kinds WHERE kind = ?", kind).Error; err != nil {
			return err
		}
		return tx.record("kind.resume", resource{"", "kind", string(kind)})
	})
}

// PausedKinds lists what is paused.
func (s *Backlog) PausedKinds(ctx context.Context) (all []models.PausedKind, err error) {
	err = s.read(ctx).Raw("SELECT kind, paused_at, reason FROM paused_kinds ORDER BY kind").Scan(&all).Error
	return all, s.wrap(err)
}

// Recall implements jobs.RepairStore: a release that was under way when something was paused may have passed it.
func (s *Backlog) Recall(ctx context.Context) (ids []string, err error) {
	const held = "(%s OR %s)"
	which := fmt.Sprintf(held, kindPaused("job_queue.kind"), accountHeld("job_queue.account_id"))
	var found bool
	err = s.read(ctx).Raw("SELECT EXISTS (SELECT 1 FROM job_queue WHERE " + unclaimed + " AND " + which + ")").Row().Scan(&found)
	if err != nil || !found {
		return nil, s.wrap(err)
	}
	err = s.write(ctx, func(tx *tx) (err error) {
		ids, err = tx.recall(which)
		return err
	})
	return ids, err
}

// recall takes back the releases of jobs that no worker has claimed. Their tasks find nothing to claim.
func (tx *tx) recall(which string, args ...any) (ids []string, err error) {
	err = tx.Raw(`WITH mine AS MATERIALIZED (SELECT job_id FROM job_queue WHERE `+unclaimed+` AND `+which+tx.dialect.lock(passLocked)+`)
		UPDATE job_queue SET place = 'waiting', dispatched_at = NULL FROM mine WHERE job_queue.job_id = mine.job_id RETURNING job_queue.job_id`,
		args...).Scan(&ids).Error
	return ids, err
}
