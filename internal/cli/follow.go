package cli

import (
	"context"

	apiclient "github.com/spark-games/spark/client"
)

// follow passes every event of the job to on, in order and once, until the job has ended, and returns the job.
func (a *api) follow(ctx context.Context, jobID string, on func(apiclient.JobEvent)) (apiclient.Job, error) {
	for event, err := range a.FollowJob(ctx, jobID, 0) {
		if err != nil {
			return apiclient.Job{}, err
		}
		on(event)
	}
	return a.job(ctx, jobID)
}
