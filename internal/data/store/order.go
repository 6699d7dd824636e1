package store

// The order in which transactions lock rows, so that none waits for one that waits for it:
//
//  1. the pipeline of a job whose change may reach other jobs: a finish, a cancel, a retry, the loss of a worker;
//  2. the project, whose current revision a finish may replace;
//  3. the job's row in the queue, which is its lock until it has ended, and then its record;
//  4. those that depend on it, directly or through others, each likewise.
//
// Whoever changes several jobs without their pipeline's lock, such as a renewal of leases or a release, passes over rows that
// others have locked, or changes only its own and in the order of their ids.

// lockPipeline makes changes that may reach several jobs of the job's pipeline take turns, until the transaction ends. It does
// nothing for a job without a pipeline.
func (tx *tx) lockPipeline(jobID string) error {
	return tx.Exec("SELECT id FROM pipelines WHERE "+ofJob+tx.dialect.lock(waitLocked), jobID).Error
}

// tryPipeline is lockPipeline without waiting for others: it reports whether it has the lock, or there is no pipeline to lock.
func (tx *tx) tryPipeline(jobID string) (ok bool, err error) {
	var locked []string
	err = tx.Raw("SELECT id FROM pipelines WHERE "+ofJob+tx.dialect.lock(passLocked), jobID).Scan(&locked).Error
	if err != nil || len(locked) > 0 {
		return err == nil, err
	}
	err = tx.Raw("SELECT count(*) = 0 FROM pipelines WHERE "+ofJob, jobID).Scan(&ok).Error
	return ok, err
}

// ofJob names the pipeline of a job.
const ofJob = "id = (SELECT pipeline_id FROM jobs WHERE id = ?)"
