package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/jobs/build"
	"github.com/spark-games/spark/models"
)

// sampleName is the name by which the sample's project is found again.
const sampleName = "Sample game"

// sampleSteps are called while the sample game is made.
type sampleSteps struct {
	found, making func()
	stage         func(string)
}

// sample makes the sample game as a user would, with a project and a pipeline, or finds the one of an earlier start, and returns
// the path to play it.
func (a *App) sample(ctx context.Context, s Sample, tell sampleSteps) (play string, err error) {
	account, err := a.ownAccount(ctx)
	if err != nil {
		return "", err
	}
	engine, err := a.engines.Get(engines.SplitRef(s.Engine))
	if err != nil {
		return "", err
	}
	project, err := a.sampleProject(ctx, account, s.Engine)
	if err != nil {
		return "", err
	}
	ofProject := models.ArtifactFilter{ProjectID: project.ID, Kind: models.ArtifactBuild}
	builds, err := a.store.Artifacts.ListArtifacts(ctx, account, ofProject, models.Page{Limit: 1})
	if err != nil {
		return "", err
	}
	if len(builds) > 0 {
		tell.found()
		return models.PlayPath(builds[0].ID), nil
	}
	tell.making()
	if why := a.toolchains.Missing(engine); why != "" && !a.toolchains.Installed(engine) {
		return "", fmt.Errorf("%s. Install it and start again, or choose another engine with --sample-engine", why)
	}
	_, steps, err := a.service.SubmitPipeline(ctx, jobs.PipelineRequest{AccountID: account, ProjectID: project.ID, Steps: []jobs.Step{
		{Kind: models.KindGeneration, Priority: models.PriorityCritical, Input: models.ToJSON(jobs.GenerationInput{Prompt: s.Prompt, Provider: "builtin"})},
		{Kind: models.KindBuild, Priority: models.PriorityCritical, Input: models.ToJSON(jobs.BuildInput{Mode: models.ModePreview})},
	}})
	if err != nil {
		return "", err
	}
	job, err := a.awaitJobs(ctx, account, steps, tell.stage)
	if err != nil {
		return "", err
	}
	if job.State != models.StateSucceeded {
		return "", fmt.Errorf("%s [%s]", job.ErrorMessage, job.ErrorCode)
	}
	var out build.Output
	return out.PlayURL, json.Unmarshal(job.Output, &out)
}

// ownAccount is the account of the data folder's owner: that of the key there, or else the platform's first.
func (a *App) ownAccount(ctx context.Context) (string, error) {
	key, err := a.localKey(ctx)
	if models.CodeOf(err) == models.CodeNotFound {
		key, err = a.store.Accounts.FirstKey(ctx)
	}
	if err != nil {
		return "", err
	}
	return key.AccountID, nil
}

func (a *App) sampleProject(ctx context.Context, account, engine string) (*models.Project, error) {
	all, err := a.projects.List(ctx, account, models.ProjectFilter{}, models.Page{Limit: 100})
	if err != nil {
		return nil, err
	}
	name, version := engines.SplitRef(engine)
	for i := range all {
		if all[i].Name == sampleName && all[i].Engine == name && all[i].EngineVersion == version {
			return &all[i], nil
		}
	}
	return a.projects.Create(ctx, projects.NewProject{AccountID: account, Name: sampleName, Engine: name, EngineVersion: version})
}

// awaitJobs waits until the jobs, each of which waits for the one before, are finished, reports their stages, and returns the
// last job or the one that failed.
func (a *App) awaitJobs(ctx context.Context, account string, list []*models.Job, stage func(string)) (job *models.Job, err error) {
	for _, j := range list {
		if job, err = a.awaitJob(ctx, account, j.ID, stage); err != nil || job.State != models.StateSucceeded {
			return job, err
		}
	}
	return job, nil
}

// awaitJob waits until a job is finished.
func (a *App) awaitJob(ctx context.Context, account, id string, stage func(string)) (*models.Job, error) {
	changed, stop := a.hub.Watch(id)
	defer stop()
	for {
		job, err := a.store.Jobs.Job(ctx, account, id)
		if err != nil || job.State.Terminal() {
			return job, err
		}
		stage(job.Stage)
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
