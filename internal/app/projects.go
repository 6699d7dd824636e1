package app

import (
	"context"
	"errors"

	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs/generation/builtin"
	"github.com/spark-games/spark/models"
)

// recognize tells of which engines files can be.
func (p *parts) recognize(paths []string, read func(path string) ([]byte, error)) ([]projects.Recognized, error) {
	found, err := p.engines.Recognize(paths, read)
	list := make([]projects.Recognized, len(found))
	for i, f := range found {
		list[i] = projects.Recognized{Engine: f.Name, Major: f.Major}
	}
	return list, err
}

// starter is a game of an engine for its title, as if somebody had asked for that.
func (p *parts) starter(engine, version, title string) ([]models.File, error) {
	e, err := p.engines.Get(engine, version)
	if err != nil {
		return nil, err
	}
	design := builtin.Read(title, 1)
	design.Title = title
	return e.Starter(design)
}

// outputs are what builds of an engine can make; none if this process does not know the engine.
func (p *parts) outputs(engine, version string) []string {
	e, err := p.engines.Get(engine, version)
	if err != nil {
		return nil
	}
	return e.Info().Outputs
}

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
