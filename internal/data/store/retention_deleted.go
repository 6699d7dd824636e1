package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// deletedStep bounds how much of a deleted project one step removes, of each of its tables.
const deletedStep = 200

// removing is the time of deletion of a project of which a part is removed already, and restorable the condition of those that are still
// whole.
const (
	removing   = "'1970-01-01 00:00:00.000+00:00'"
	restorable = "deleted_at > " + removing
)

// DeletedProjects removes projects that were deleted longer ago than keep, with everything that is theirs: what they have made first, so
// that a step which is the last of its process leaves a project that the next one goes on with. A project waits for its jobs to end,
// and for the usage of their day to be complete.
func (s *Retention) DeletedProjects(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	rolledUp, err := s.rolledUp(ctx)
	if err != nil {
		return done, err
	}
	err = s.write(ctx, func(tx *tx) error {
		done = models.Pruning{Removed: make(map[string]int)}
		var next []string
		err := tx.Raw(fmt.Sprintf(`SELECT id FROM projects p WHERE deleted_at < %s AND NOT EXISTS
				(SELECT 1 FROM jobs j WHERE j.project_id = p.id AND j.project_id <> '' AND (j.finished_at IS NULL OR j.finished_at >= ?))
			ORDER BY deleted_at LIMIT 1`+tx.dialect.lock(passLocked), s.dialect.nowPlus(micros(-keep))), tx.dialect.timestamp(rolledUp)).Scan(&next).Error
		if err != nil || len(next) == 0 {
			return err
		}
		done.More = true
		if err := tx.Exec("UPDATE projects SET deleted_at = "+removing+" WHERE id = ?", next[0]).Error; err != nil {
			return err
		}
		return tx.removeProject(next[0], done.Removed)
	})
	if err != nil {
		return models.Pruning{}, err
	}
	var oldest []struct{ DeletedAt time.Time }
	err = s.read(ctx).Raw("SELECT deleted_at FROM projects WHERE " + restorable + " ORDER BY deleted_at LIMIT 1").Scan(&oldest).Error
	if err == nil && len(oldest) > 0 {
		done.Oldest = oldest[0].DeletedAt.UTC()
	}
	return done, s.wrap(err)
}

// removeProject removes a part of a project, or the project when nothing else is left of it.
func (tx *tx) removeProject(id string, removed map[string]int) error {
	some := func(table, column string) (ids []string, err error) {
		return ids, tx.Raw("SELECT id FROM "+table+" WHERE "+column+" = ? LIMIT ?", id, deletedStep).Scan(&ids).Error
	}
	artifacts, err := some("artifacts", "project_id")
	if err != nil {
		return err
	}
	if len(artifacts) > 0 {
		if err := tx.Exec("DELETE FROM attestations WHERE artifact_id IN ?", artifacts).Error; err != nil {
			return err
		}
		return tx.removeRows("artifacts", artifacts, removed)
	}
	revisions, err := some("revisions", "project_id")
	if err != nil || len(revisions) > 0 {
		if err != nil {
			return err
		}
		return tx.removeRows("revisions", revisions, removed)
	}
	jobs, err := some("jobs", "project_id <> '' AND project_id")
	if err != nil {
		return err
	}
	if len(jobs) > 0 {
		// Those of a pipeline refer to one another, also across two steps.
		if err := tx.Exec("DELETE FROM job_dependencies WHERE job_id IN ? OR depends_on IN ?", jobs, jobs).Error; err != nil {
			return err
		}
		return tx.deleteJobs("jobs", jobs, removed)
	}
	if err := tx.Exec("DELETE FROM pipelines WHERE project_id = ?", id).Error; err != nil {
		return err
	}
	if err := tx.removeEndpointsOf(id); err != nil {
		return err
	}
	return tx.removeRows("projects", []string{id}, removed)
}

func (tx *tx) removeRows(table string, ids []string, removed map[string]int) error {
	res := tx.Exec("DELETE FROM "+table+" WHERE id IN ?", ids)
	removed[table] += int(res.RowsAffected)
	return res.Error
}
