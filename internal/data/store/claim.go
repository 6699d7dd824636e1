package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// claimRequest is a worker asking for a dispatched job.
type claimRequest struct {
	jobID      string
	dispatchNo int64
	owner      string
	lease      time.Duration

	job *models.Job // as claimed; nil when it was not to be had
}

// Claim implements jobs.Ledger. The job has what a worker needs of it; what earlier attempts left is not read.
func (s *Ledger) Claim(ctx context.Context, jobID string, dispatchNo int64, owner string, lease time.Duration) (*models.Job, error) {
	c := &claimRequest{jobID: jobID, dispatchNo: dispatchNo, owner: owner, lease: lease}
	err := s.claims.do(ctx, c)
	if err == nil && c.job == nil { // it may have been locked
		err = s.claim(ctx, []*claimRequest{c}, locking{wait: true})
	}
	if err == nil && c.job == nil {
		err = jobs.ErrNotClaimable
	}
	if err != nil {
		return nil, err
	}
	return c.job, nil
}

// claim makes the claims of a batch.
func (d *db) claim(ctx context.Context, batch []*claimRequest, lock locking) error {
	recs := newChanges("asked_no bigint", "new_owner text", "lease_micros bigint")
	data := stateData(models.StateRunning, nil)
	for _, c := range batch {
		recs.add(c.jobID, models.EventStarted, data, c.dispatchNo, c.owner, c.lease.Microseconds())
	}
	var claimed []models.Job
	err := d.statement(ctx, func(tx *tx) (err error) {
		claimed, err = tx.changeEach(change{
			from: models.StateQueued, set: d.claimed(), returning: claimedColumns, lock: lock,
			queue: queueChange{
				where: "job_queue.dispatch_no = r.asked_no AND " + unclaimed + " AND (job_queue.expires_at IS NULL OR NOT (" + d.expired() + "))",
				set:   d.leasedTo("r.new_owner", d.dialect.nowPlus("r.lease_micros")),
			},
		}, recs)
		return err
	})
	if err != nil {
		return err
	}
	byID := make(map[string]*models.Job, len(claimed))
	for i := range claimed {
		byID[claimed[i].ID] = &claimed[i]
	}
	for _, c := range batch {
		c.job = byID[c.jobID]
	}
	return nil
}

// claimed is what a claim sets of a job.
func (d *db) claimed() string {
	return "state = 'running', attempt = jobs.attempt + 1, started_at = " + d.dialect.now() + ", progress = 0, stage = ''"
}

// leasedTo is what a claim sets of a job's row in the queue, for an owner and an end of its lease in SQL.
func (d *db) leasedTo(owner, leaseEnd string) string {
	return fmt.Sprintf("attempt = job_queue.attempt + 1, lease_owner = %s, lease_expires_at = %s", owner, leaseEnd)
}

// claimedColumns are those of a job that whoever runs it reads.
const claimedColumns = `, jobs.account_id, jobs.project_id, jobs.pipeline_id, jobs.end_user, jobs.kind, jobs.priority, jobs.state, jobs.input, jobs.failures,
	jobs.outages, jobs.max_failures, jobs.worker_deaths, jobs.deaths_alone, jobs.suspect_of, jobs.concurrency_key, jobs.traceparent,
	jobs.run_at, jobs.created_at, jobs.started_at`
