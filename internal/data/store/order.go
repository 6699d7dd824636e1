package store

// The order in which transactions lock rows, so that none waits for one that waits for it:
//
//  0. the schedule that submits, or the operation that changes many jobs;
//  1. the line of a job's concurrency key;
//  2. the pipeline of a job whose change may reach other jobs: a finish, a cancel, a retry, the loss of a worker;
//  3. the project, whose current revision a finish may replace;
//  4. the job's row in the queue, which is its lock until it has ended, and then its record;
//  5. those that depend on it, directly or through others, and those that get its key after it, each likewise.
//
// An operation changes many jobs in one transaction: it waits for the first of them alone, and passes on when others hold what another one needs.
//
// Whoever changes several jobs without their pipeline's lock, such as a renewal of leases or a release, passes over rows that
// others have locked, or changes only its own and in the order of their ids.

// lockAround makes changes that may reach several jobs, those of the job's pipeline and in the line of its key, take turns, until the
// transaction ends.
func (tx *tx) lockAround(jobID string) error {
	if err := tx.lockLineOf(jobID); err != nil {
		return err
	}
	return tx.Exec("SELECT id FROM pipelines WHERE "+ofJob+tx.dialect.lock(waitLocked), jobID).Error
}

// tryAround is lockAround without waiting for others: it reports whether it has the locks, or there are none.
func (tx *tx) tryAround(jobID string) (ok bool, err error) {
	if ok, err := tx.tryLineOf(jobID); err != nil || !ok {
		return false, err
	}
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
