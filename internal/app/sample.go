package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/jobs/build"
	"github.com/spark-games/spark/models"
)

// sampleName is how the sample's project is found again.
const sampleName = "Sample game"

// sample makes the sample game as any user would — a project, a pipeline — or finds the one of an earlier start, and
// returns the path to play it.
func (a *App) sample(ctx context.Context, s Sample) (play string, made bool, err error) {
	account, err := a.localAccount(ctx)
	if err != nil {
		return "", false, err
	}
	project, err := a.sampleProject(ctx, account, s.Engine)
	if err != nil {
		return "", false, err
	}
	builds, err := a.store.Artifacts.ListArtifacts(ctx, account, models.ArtifactFilter{ProjectID: project.ID, Kind: models.ArtifactBuild}, models.Page{Limit: 1})
	if err != nil {
		return "", false, err
	}
	if len(builds) > 0 {
		return "/play/" + builds[0].ID + "/", false, nil
	}
	_, steps, err := a.service.SubmitPipeline(ctx, jobs.PipelineRequest{AccountID: account, ProjectID: project.ID, Steps: []jobs.Step{
		{Kind: models.KindGeneration, Priority: models.PriorityCritical, Input: models.ToJSON(jobs.GenerationInput{Prompt: s.Prompt, Provider: "builtin"})},
		{Kind: models.KindBuild, Priority: models.PriorityCritical, Input: models.ToJSON(jobs.BuildInput{Mode: "preview"})},
	}})
	if err != nil {
		return "", false, err
	}
	job, err := a.awaitJob(ctx, account, steps[1].ID)
	if err != nil {
		return "", false, err
	}
	if job.State != models.StateSucceeded {
		return "", false, fmt.Errorf("%s: %s", job.ErrorCode, job.ErrorMessage)
	}
	var out build.Output
	return out.PlayURL, true, json.Unmarshal(job.Output, &out)
}

// localAccount is the account of the key in the data folder.
func (a *App) localAccount(ctx context.Context) (string, error) {
	key, err := a.localKey(ctx)
	if err != nil {
		return "", fmt.Errorf("the key in %s is not one of this platform's: %w", a.cfg.KeyFile(), err)
	}
	return key.AccountID, nil
}

func (a *App) sampleProject(ctx context.Context, account, engine string) (*models.Project, error) {
	all, err := a.store.Projects.ListProjects(ctx, account, models.Page{Limit: 100})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Name == sampleName && all[i].Engine == engine {
			return &all[i], nil
		}
	}
	p := &models.Project{ID: models.NewID(), AccountID: account, Name: sampleName, Engine: engine}
	return p, a.store.Projects.CreateProject(ctx, p)
}

// awaitJob waits until a job is finished.
func (a *App) awaitJob(ctx context.Context, account, id string) (*models.Job, error) {
	changed, stop := a.hub.Watch(id)
	defer stop()
	for {
		job, err := a.store.Jobs.Job(ctx, account, id)
		if err != nil || job.State.Terminal() {
			return job, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
