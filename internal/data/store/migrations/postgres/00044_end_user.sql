-- +goose Up
-- Whom of an account's own users a job is for, as the account says. Within an account its end users share fairly.
ALTER TABLE jobs ADD COLUMN end_user text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX jobs_by_end_user ON jobs (account_id, end_user, id) WHERE end_user <> '';
ALTER TABLE job_queue ADD COLUMN end_user text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX job_queue_end_users ON job_queue (place, kind, priority, account_id, end_user, run_at, job_id) WHERE end_user <> '';

-- +goose Down
DROP INDEX job_queue_end_users;
ALTER TABLE job_queue DROP COLUMN end_user;
DROP INDEX jobs_by_end_user;
ALTER TABLE jobs DROP COLUMN end_user;
