package jobs

import (
	"context"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Start stores a new project with the pipeline that makes a game of it: a generation from the prompt, and a build to try it.
func (a *Area) Start(ctx context.Context, p *models.Project, prompt, endUser string) (openapi.Pipeline, error) {
	request := ctx
	ctx, account := kernel.Caller(ctx)
	endUser, _, err := a.submitter(ctx, endUser, "")
	if err != nil {
		return openapi.Pipeline{}, models.AsError(err).At("/from")
	}
	steps := []jobs.Step{
		{Kind: models.KindGeneration, Input: models.ToJSON(jobs.GenerationInput{Prompt: prompt})},
		{Kind: models.KindBuild, Input: models.ToJSON(jobs.BuildInput{Mode: models.ModePreview})},
	}
	made, submitted, err := a.Submitter.SubmitPipeline(ctx, jobs.PipelineRequest{AccountID: account, NewProject: p, EndUser: endUser, Steps: steps})
	if err != nil {
		return openapi.Pipeline{}, promptError(err)
	}
	shown, ids := make([]openapi.Job, len(submitted)), make([]string, len(submitted))
	for i, j := range submitted {
		shown[i], ids[i] = showJob(j), j.ID
	}
	kernel.Note(request, zap.String("pipeline", made.ID), zap.Strings("jobs", ids))
	return showPipeline(made, shown), nil
}

// promptError points at the fields of a prompt where the steps' are.
func promptError(err error) error {
	switch e := models.AsError(err); e.Pointer {
	case "":
		return err
	case "/steps/0/input/prompt":
		c := *e
		c.Pointer = "/from/prompt"
		return &c
	default:
		return e.At("/from")
	}
}
