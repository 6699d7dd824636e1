package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// Events removes the events of jobs that ended longer ago than keep. A job's last event, which says how it ended, stays as long
// as the job: whoever reads its events from any position reaches their end.
func (s *Retention) Events(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.step(ctx, walk{name: walkEvents, at: finishedAt, remove: (*tx).removeEvents}, keep)
}

// Jobs removes jobs that ended longer ago than keep, with their events. Those of a pipeline go together, when the last of them
// is old enough. A job stays until the usage of its day is complete.
func (s *Retention) Jobs(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.step(ctx, s.jobs(walkJobs, "kind <> 'analytics'"), keep)
}

// RollupJobs is Jobs for those of the kind analytics, which only add up the others.
func (s *Retention) RollupJobs(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.step(ctx, s.jobs(walkRollupJobs, "kind = 'analytics'"), keep)
}

func (s *Retention) jobs(name, which string) walk {
	return walk{name: name, at: finishedAt, most: s.rolledUp, remove: func(tx *tx, in span, removed map[string]int) error {
		return tx.removeJobs(name, which, in, removed)
	}}
}

// walkOfKind is the walk that removes the jobs of a kind.
func walkOfKind(k models.Kind) string {
	if k == models.KindAnalytics {
		return walkRollupJobs
	}
	return walkJobs
}

// rollupMargin is more than a rollup looks back before the last one's mark.
const rollupMargin = time.Hour

// rolledUp is the time before which no rollup reads jobs any more: it reads whole days.
func (s *Retention) rolledUp(ctx context.Context) (time.Time, error) {
	to, _, err := (&Usage{s.db}).RolledTo(ctx)
	return models.PeriodDay.Start(to.Add(-rollupMargin)), err
}

// finishedAt is walk.at for jobs that have ended.
func finishedAt(q *gorm.DB, d dialect, in span, nth int) (time.Time, bool, error) {
	var rows []struct{ FinishedAt time.Time }
	err := q.Raw("SELECT finished_at FROM jobs WHERE finished_at >= ? AND finished_at < ? ORDER BY finished_at, id LIMIT 1 OFFSET ?",
		d.timestamp(in.from), d.timestamp(in.to), nth).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, false, err
	}
	return rows[0].FinishedAt.UTC(), true, nil
}

// ended lists the jobs that ended in a span.
func (tx *tx) ended(which string, in span) (all []models.Job, err error) {
	return all, tx.Raw("SELECT id, pipeline_id FROM jobs WHERE finished_at >= ? AND finished_at < ? AND "+which,
		tx.dialect.timestamp(in.from), tx.dialect.timestamp(in.to)).Scan(&all).Error
}

func (tx *tx) removeEvents(in span, removed map[string]int) error {
	all, err := tx.ended("event_seq > 1", in)
	if err != nil {
		return err
	}
	return inChunks(idsOf(all), func(ids []string) error {
		res := tx.Exec("DELETE FROM job_events WHERE job_id IN ? AND seq < (SELECT event_seq FROM jobs WHERE jobs.id = job_events.job_id)", ids)
		removed["events"] += int(res.RowsAffected)
		return res.Error
	})
}

// removeJobs removes the jobs that ended in a span, and the pipelines of which the last job did. A job that is retried meanwhile
// has not ended, and is found again when it ends once more.
func (tx *tx) removeJobs(name, which string, in span, removed map[string]int) error {
	all, err := tx.ended(which, in)
	if err != nil {
		return err
	}
	var alone, pipelines []string
	for _, j := range all {
		if j.PipelineID == "" {
			alone = append(alone, j.ID)
		} else {
			pipelines = append(pipelines, j.PipelineID)
		}
	}
	slices.Sort(pipelines)
	err = inChunks(slices.Compact(pipelines), func(ids []string) error { return tx.removePipelines(name, ids, in.to, removed) })
	if err != nil {
		return err
	}
	return inChunks(alone, func(ids []string) error {
		var locked []models.Job
		err := tx.Raw("SELECT id FROM jobs WHERE id IN ? AND finished_at < ? ORDER BY id"+tx.dialect.lock(waitLocked), ids, tx.dialect.timestamp(in.to)).
			Scan(&locked).Error
		if err != nil {
			return err
		}
		return tx.deleteJobs(name, idsOf(locked), removed)
	})
}

// removePipelines removes those of the pipelines whose jobs have all ended before a time.
func (tx *tx) removePipelines(name string, ids []string, before time.Time, removed map[string]int) error {
	if err := tx.Exec("SELECT id FROM pipelines WHERE id IN ? ORDER BY id"+tx.dialect.lock(waitLocked), ids).Error; err != nil {
		return err
	}
	var whole []string
	err := tx.Raw(`SELECT pipeline_id FROM jobs WHERE pipeline_id IN ? AND pipeline_id <> '' GROUP BY pipeline_id
		HAVING count(*) = count(CASE WHEN finished_at < ? THEN 1 END)`, ids, tx.dialect.timestamp(before)).Scan(&whole).Error
	if err != nil || len(whole) == 0 {
		return err
	}
	var all []models.Job
	if err := tx.Raw("SELECT id FROM jobs WHERE pipeline_id IN ? AND pipeline_id <> ''", whole).Scan(&all).Error; err != nil {
		return err
	}
	if err := tx.deleteJobs(name, idsOf(all), removed); err != nil {
		return err
	}
	res := tx.Exec("DELETE FROM pipelines WHERE id IN ?", whole)
	removed["pipelines"] += int(res.RowsAffected)
	return res.Error
}

// deleteJobs deletes jobs with everything that is only theirs.
func (tx *tx) deleteJobs(name string, ids []string, removed map[string]int) error {
	err := inChunks(ids, func(ids []string) error { return tx.Exec("DELETE FROM job_dependencies WHERE job_id IN ?", ids).Error })
	if err != nil { // all before the first job: those of a pipeline refer to one another
		return err
	}
	return inChunks(ids, func(ids []string) error {
		events := tx.Exec("DELETE FROM job_events WHERE job_id IN ?", ids)
		if events.Error != nil {
			return events.Error
		}
		gone := tx.Exec("DELETE FROM jobs WHERE id IN ?", ids)
		removed["events"] += int(events.RowsAffected)
		removed[name] += int(gone.RowsAffected)
		return gone.Error
	})
}

// idsAtOnce limits how many ids one statement names.
const idsAtOnce = 500

func inChunks(ids []string, f func(ids []string) error) error {
	for some := range slices.Chunk(ids, idsAtOnce) {
		if err := f(some); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(all []models.Job) []string {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	return ids
}
