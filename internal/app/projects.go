package app

import (
	"context"
	"errors"

	"github.com/spark-games/spark/models"
)

// cancelJobs cancels the jobs of a project that have not ended. Those that end meanwhile are left alone.
func (p *parts) cancelJobs(ctx context.Context, accountID, projectID string) error {
	var errs []error
	for _, state := range []models.State{models.StateBlocked, models.StateQueued, models.StateRunning} {
		page := models.Page{Limit: 100}
		for {
			open, err := p.store.Jobs.ListJobs(ctx, accountID, models.JobFilter{ProjectID: projectID, State: state}, page)
			if err != nil {
				return errors.Join(append(errs, err)...)
			}
			for i := range open {
				if _, err := p.service.Cancel(ctx, accountID, open[i].ID); err != nil && models.CodeOf(err) != models.CodeConflict {
					errs = append(errs, err)
				}
				page.Before = open[i].ID
			}
			if len(open) < page.Limit {
				break
			}
		}
	}
	return errors.Join(errs...)
}
