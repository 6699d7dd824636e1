package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// What a project has made goes some time after something newer has taken its place: each step takes what has become old enough,
// and removes what is older still in the same project.

// Previews removes preview builds of which the project has had a newer one for longer than keep.
func (s *Retention) Previews(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.step(ctx, builds(walkPreviews, models.ModePreview), keep)
}

// Releases is Previews for release builds. One that was exported stays, and so do all exports.
func (s *Retention) Releases(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.step(ctx, builds(walkReleases, models.ModeRelease), keep)
}

// Revisions removes revisions of which the project has had a newer one for longer than keep. The current one stays, also if it is
// older than some that never became current, and so do those with a name.
func (s *Retention) Revisions(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.step(ctx, walk{name: walkRevisions, at: madeAt("revisions"), remove: (*tx).removeRevisions}, keep)
}

// Replaced is the time up to which what was replaced has been removed: most of the files of that time are not needed any more.
func (s *Retention) Replaced(ctx context.Context) (time.Time, error) {
	to, err := doneTo(s.read(ctx), walkPreviews, walkReleases, walkRevisions)
	return to, s.wrap(err)
}

func builds(name, mode string) walk {
	return walk{name: name, at: madeAt("artifacts"), remove: func(tx *tx, in span, removed map[string]int) error {
		return tx.removeBuilds(name, mode, in, removed)
	}}
}

// madeAt is walk.at for a table whose ids carry the time.
func madeAt(table string) func(*gorm.DB, dialect, span, int) (time.Time, bool, error) {
	return func(q *gorm.DB, _ dialect, in span, nth int) (time.Time, bool, error) {
		var ids []string
		err := q.Raw("SELECT id FROM "+table+" WHERE id >= ? AND id < ? ORDER BY id LIMIT 1 OFFSET ?",
			models.FirstID(in.from), models.FirstID(in.to), nth).Scan(&ids).Error
		if err != nil || len(ids) == 0 {
			return time.Time{}, false, err
		}
		made, ok := models.IDTime(ids[0])
		return made, ok, nil
	}
}

// made is something that a project has made.
type made struct{ ID, ProjectID, JobID string }

// replaced lists what is older, in its project, than the newest of what was made in a span, except what a pipeline that is under way
// has made: its next job may need that.
func (tx *tx) replaced(table, which string, in span) (ids []string, err error) {
	var newest []made
	err = tx.Raw("SELECT project_id, max(id) AS id FROM "+table+" WHERE id >= ? AND id < ? AND "+which+" GROUP BY project_id",
		models.FirstID(in.from), models.FirstID(in.to)).Scan(&newest).Error
	if err != nil || len(newest) == 0 {
		return nil, err
	}
	by, projects, last := make(map[string]string), []string(nil), ""
	for _, m := range newest {
		by[m.ProjectID], projects, last = m.ID, append(projects, m.ProjectID), max(last, m.ID)
	}
	var older []made
	err = tx.Raw("SELECT id, project_id, job_id FROM "+table+" WHERE project_id IN ? AND id < ? AND "+which, projects, last).Scan(&older).Error
	if err != nil {
		return nil, err
	}
	older = slices.DeleteFunc(older, func(m made) bool { return m.ID >= by[m.ProjectID] })
	underWay, err := tx.underWay(older)
	for _, m := range older {
		if !underWay[m.JobID] {
			ids = append(ids, m.ID)
		}
	}
	return ids, err
}

// underWay is which of the jobs that made something belong to pipelines that have not ended.
func (tx *tx) underWay(all []made) (underWay map[string]bool, err error) {
	jobIDs := make([]string, len(all))
	for i, m := range all {
		jobIDs[i] = m.JobID
	}
	underWay = make(map[string]bool)
	return underWay, inChunks(jobIDs, func(ids []string) error {
		var steps []models.Job
		if err := tx.Raw("SELECT id, pipeline_id FROM jobs WHERE id IN ? AND pipeline_id <> ''", ids).Scan(&steps).Error; err != nil || len(steps) == 0 {
			return err
		}
		pipelines := make([]string, len(steps))
		for i, j := range steps {
			pipelines[i] = j.PipelineID
		}
		var open []string
		err := tx.Raw("SELECT pipeline_id FROM jobs WHERE pipeline_id IN ? AND pipeline_id <> '' AND finished_at IS NULL", pipelines).Scan(&open).Error
		for _, j := range steps {
			if slices.Contains(open, j.PipelineID) {
				underWay[j.ID] = true
			}
		}
		return err
	})
}

func (tx *tx) removeBuilds(name, mode string, in span, removed map[string]int) error {
	ids, err := tx.replaced("artifacts", "kind = 'build' AND mode = '"+mode+"'", in)
	if err != nil {
		return err
	}
	return inChunks(ids, func(ids []string) error {
		var free []string
		err := tx.Raw(`SELECT id FROM artifacts WHERE id IN ?
			AND NOT EXISTS (SELECT 1 FROM artifacts e WHERE e.exported_from = artifacts.id AND e.exported_from <> '')`, ids).Scan(&free).Error
		if err != nil || len(free) == 0 {
			return err
		}
		if err := tx.Exec("DELETE FROM attestations WHERE artifact_id IN ?", free).Error; err != nil {
			return err
		}
		gone := tx.Exec("DELETE FROM artifacts WHERE id IN ?", free)
		removed[name] += int(gone.RowsAffected)
		return gone.Error
	})
}

func (tx *tx) removeRevisions(in span, removed map[string]int) error {
	ids, err := tx.replaced("revisions", "true", in)
	if err != nil {
		return err
	}
	return inChunks(ids, func(ids []string) error {
		gone := tx.Exec(`DELETE FROM revisions WHERE id IN ? AND name = ''
			AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = revisions.project_id AND p.revision_id = revisions.id)`, ids)
		removed[walkRevisions] += int(gone.RowsAffected)
		return gone.Error
	})
}
