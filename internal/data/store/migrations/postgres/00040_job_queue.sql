-- +spark stopped
-- +goose Up
-- What is hot of a job that has not ended: where it waits, its dispatch and its lease. Apart from the record of the job, whose
-- updates then touch no index, it stays small. Its row is also the lock of the job.
--
-- place: blocked waits for other jobs, waiting for its time or its dispatch, suspect for a worker of its own; a released one is in
-- Redis or, when it has a lease_owner, with a worker.
CREATE TABLE job_queue (
    job_id           text COLLATE "C" PRIMARY KEY,
    account_id       text COLLATE "C" NOT NULL,
    kind             text NOT NULL,
    priority         text NOT NULL,
    place            text NOT NULL CHECK (place IN ('blocked', 'waiting', 'suspect', 'released')),
    run_at           timestamptz NOT NULL,
    dispatch_no      bigint NOT NULL DEFAULT 0,
    dispatched_at    timestamptz,
    attempt          integer NOT NULL DEFAULT 0, -- that has the lease
    lease_owner      text NOT NULL DEFAULT '',
    lease_expires_at timestamptz,
    alone            boolean NOT NULL DEFAULT false,
    draining         boolean NOT NULL DEFAULT false,
    cancelling       boolean NOT NULL DEFAULT false, -- its worker is to stop it
    -- The lost worker whose suspects take turns, while this one runs: of those that were lost with one worker, one runs at a time.
    suspect_run      text UNIQUE
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
-- The only index besides the keys: a claim, a renewal and the other updates of a released job change none of its columns.
CREATE INDEX job_queue_places ON job_queue (place, kind, priority, account_id, run_at, job_id);

INSERT INTO job_queue (job_id, account_id, kind, priority, place, run_at, dispatch_no, dispatched_at, attempt, lease_owner,
    lease_expires_at, alone, draining, cancelling, suspect_run)
SELECT id, account_id, kind, priority,
    CASE WHEN state = 'blocked' THEN 'blocked' WHEN state = 'queued' AND suspect_of <> '' THEN 'suspect'
         WHEN state = 'queued' AND dispatched_at IS NULL THEN 'waiting' ELSE 'released' END,
    run_at, dispatch_no, dispatched_at, attempt, lease_owner, lease_expires_at, alone, draining, cancel_requested_at IS NOT NULL,
    CASE WHEN state = 'running' AND suspect_of <> '' THEN suspect_of END
FROM jobs WHERE state IN ('blocked', 'queued', 'running');

DROP INDEX jobs_backlog;
DROP INDEX jobs_released;
DROP INDEX jobs_running;
DROP INDEX jobs_leases;
DROP INDEX jobs_suspects;
DROP INDEX jobs_one_suspect;
DROP INDEX jobs_blocked;
DROP INDEX jobs_failed;
-- A claim changes none of the columns of these two.
CREATE INDEX jobs_failed ON jobs (id) WHERE finished_at IS NOT NULL AND error_code <> '';
-- dispatch_no stays: of a job that has ended it is that of its last dispatch, for a retry to go on with.
ALTER TABLE jobs DROP COLUMN dispatched_at;
ALTER TABLE jobs DROP COLUMN lease_owner;
ALTER TABLE jobs DROP COLUMN lease_expires_at;
ALTER TABLE jobs DROP COLUMN alone;
ALTER TABLE jobs DROP COLUMN draining;
ALTER TABLE jobs SET (fillfactor = 70);
-- An event is written with its job, in one statement. The key was looked up again for each.
ALTER TABLE job_events DROP CONSTRAINT job_events_job_id_fkey;

-- +goose Down
ALTER TABLE job_events ADD CONSTRAINT job_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs (id);
ALTER TABLE jobs RESET (fillfactor);
ALTER TABLE jobs ADD COLUMN draining boolean NOT NULL DEFAULT false;
ALTER TABLE jobs ADD COLUMN alone boolean NOT NULL DEFAULT false;
ALTER TABLE jobs ADD COLUMN lease_expires_at timestamptz;
ALTER TABLE jobs ADD COLUMN lease_owner text NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN dispatched_at timestamptz;
UPDATE jobs SET dispatch_no = q.dispatch_no, dispatched_at = q.dispatched_at, lease_owner = q.lease_owner,
    lease_expires_at = q.lease_expires_at, alone = q.alone, draining = q.draining
FROM job_queue q WHERE q.job_id = jobs.id;
DROP INDEX jobs_failed;
CREATE INDEX jobs_failed ON jobs (id) WHERE state = 'failed';
CREATE INDEX jobs_blocked ON jobs (kind, priority, account_id) WHERE state = 'blocked';
CREATE UNIQUE INDEX jobs_one_suspect ON jobs (suspect_of) WHERE state = 'running' AND suspect_of <> '';
CREATE INDEX jobs_suspects ON jobs (worker_deaths, run_at, id) WHERE state = 'queued' AND suspect_of <> '';
CREATE INDEX jobs_leases ON jobs (lease_expires_at) WHERE state = 'running';
CREATE INDEX jobs_running ON jobs (kind, account_id) WHERE state = 'running';
CREATE INDEX jobs_released ON jobs (kind, priority, account_id) WHERE state = 'queued' AND dispatched_at IS NOT NULL;
CREATE INDEX jobs_backlog ON jobs (kind, priority, account_id, run_at, id) WHERE state = 'queued' AND dispatched_at IS NULL AND suspect_of = '';
DROP TABLE job_queue;
