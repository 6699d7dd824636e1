package store

// Where a job stands in the queue. A job has a row there until it has ended.
const (
	placeBlocked  = "blocked"  // waits for other jobs
	placeWaiting  = "waiting"  // for its time, or its dispatch
	placeSuspect  = "suspect"  // for a worker of its own
	placeReleased = "released" // in Redis or, when it has a lease, with a worker
)

// Conditions on rows of the queue.
const (
	unclaimed = "place = '" + placeReleased + "' AND lease_owner = ''"
	leased    = "place = '" + placeReleased + "' AND lease_owner <> ''"
	holds     = "job_queue.attempt = r.fence AND lease_owner <> ''" // the fence of a record
)

// noLease resets what a dispatch and a lease set. The attempt stays that of the last lease.
const noLease = `dispatched_at = NULL, lease_owner = '', lease_expires_at = NULL, alone = false, draining = false, cancelling = false,
	suspect_run = NULL`

// holder is what a row of the queue says of the worker that has it.
type holder struct {
	LeaseOwner      string
	Alone, Draining bool
}

// lockQueued waits for the lock of a job that has not ended: its row in the queue. It does nothing for one that has.
func (tx *tx) lockQueued(jobID string) error {
	return tx.Exec("SELECT job_id FROM job_queue WHERE job_id = ?"+tx.dialect.lock(waitLocked), jobID).Error
}

// enqueue gives jobs that are blocked or queued a row in the queue.
func (tx *tx) enqueue(ids []string) error {
	return tx.Exec(`INSERT INTO job_queue (job_id, account_id, end_user, kind, priority, place, run_at, dispatch_no, attempt)
		SELECT id, account_id, end_user, kind, priority, CASE state WHEN 'blocked' THEN '`+placeBlocked+`' ELSE '`+placeWaiting+`' END,
			run_at, dispatch_no, attempt FROM jobs WHERE id IN ?`, ids).Error
}

// enqueueNew does so for new jobs, the rows of a table; those that have the number of a dispatch are released, unless their kind is paused.
func (tx *tx) enqueueNew(from string) string {
	waits := "(dispatch_no = 0 OR " + kindPaused(from+".kind") + ")"
	return `INSERT INTO job_queue (job_id, account_id, end_user, kind, priority, place, run_at, expires_at, dispatch_no, dispatched_at)
		SELECT id, account_id, end_user, kind, priority,
			CASE WHEN state = 'blocked' THEN '` + placeBlocked + `' WHEN ` + waits + ` THEN '` + placeWaiting + `' ELSE '` + placeReleased + `' END,
			run_at, expires_at, dispatch_no, CASE WHEN NOT ` + waits + ` THEN ` + tx.dialect.now() + " END FROM " + from
}
