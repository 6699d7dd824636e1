-- +goose Up
-- The URLs that were given with jobs and pipelines, to which their ends are told. It is a table of its own, because hardly any job has one.
CREATE TABLE webhook_targets (
    holder_id  text PRIMARY KEY, -- the job's or the pipeline's
    account_id text NOT NULL REFERENCES accounts (id),
    url        text NOT NULL,
    created_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
);
CREATE INDEX webhook_targets_by_account ON webhook_targets (account_id);
CREATE INDEX webhook_targets_by_age ON webhook_targets (created_at);
CREATE INDEX webhook_messages_by_job ON webhook_messages (job_id) WHERE job_id <> '';
INSERT INTO compatible_migrations (version, works_with) VALUES (89, 87);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 89;
DROP INDEX webhook_messages_by_job;
DROP TABLE webhook_targets;
