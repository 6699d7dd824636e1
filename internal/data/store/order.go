package store

// The order in which transactions lock rows, so that none waits for one that waits for it:
//
//  1. the pipeline of a job whose change may reach other jobs: a finish, a cancel, a retry, the loss of a worker;
//  2. the project, whose current revision a finish may replace;
//  3. the job, and then those that depend on it, directly or through others.
//
// Whoever changes several jobs without their pipeline's lock, such as a renewal of leases or a release, passes over rows that
// others have locked, or changes only its own and in the order of their ids.

// lockPipeline makes changes that may reach several jobs of the job's pipeline take turns, until the transaction ends. It does
// nothing for a job without a pipeline.
func (tx *tx) lockPipeline(jobID string) error {
	return tx.Exec("SELECT id FROM pipelines WHERE "+ofJob+tx.dialect.lock(waitLocked), jobID).Error
}

// ofJob names the pipeline of a job.
const ofJob = "id = (SELECT pipeline_id FROM jobs WHERE id = ?)"
