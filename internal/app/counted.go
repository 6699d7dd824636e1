package app

import (
	"context"

	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// counted submits jobs and counts them.
type counted struct {
	*jobs.Service
	metrics *telemetry.API
}

func (c counted) Submit(ctx context.Context, req jobs.JobRequest) (*models.Job, error) {
	job, err := c.Service.Submit(ctx, req)
	if err == nil {
		c.metrics.Submitted([]*models.Job{job})
	}
	return job, err
}

func (c counted) SubmitPipeline(ctx context.Context, req jobs.PipelineRequest) (*models.Pipeline, []*models.Job, error) {
	pipeline, all, err := c.Service.SubmitPipeline(ctx, req)
	if err == nil {
		c.metrics.Submitted(all)
	}
	return pipeline, all, err
}
