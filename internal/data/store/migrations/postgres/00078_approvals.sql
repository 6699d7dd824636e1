-- +goose Up
-- A step that waits for an approval has the end of its time in the queue. Only such rows have one.
ALTER TABLE job_queue ADD COLUMN decide_by timestamptz;
CREATE INDEX job_queue_decide_by ON job_queue (decide_by) WHERE decide_by IS NOT NULL;
-- Approvals that are due and do not wait for a decision yet.
CREATE INDEX job_queue_unasked ON job_queue (run_at) WHERE kind = 'approval' AND place = 'waiting' AND decide_by IS NULL;
-- How the job that is waited for has to end; '' is what the policy of the job that waits says. Programs of before do not know it: they take the
-- policy.
ALTER TABLE job_dependencies ADD COLUMN run_if text NOT NULL DEFAULT '';
INSERT INTO compatible_migrations (version, works_with) VALUES (78, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 78;
ALTER TABLE job_dependencies DROP COLUMN run_if;
DROP INDEX job_queue_unasked;
DROP INDEX job_queue_decide_by;
ALTER TABLE job_queue DROP COLUMN decide_by;
