-- +goose Up
-- Suspects are not dispatched: the dispatch outbox is read without them.
DROP INDEX jobs_backlog;
CREATE INDEX jobs_backlog ON jobs (kind, priority, account_id, run_at, id) WHERE state = 'queued' AND dispatched_at IS NULL AND suspect_of = '';

-- +goose Down
DROP INDEX jobs_backlog;
CREATE INDEX jobs_backlog ON jobs (kind, priority, account_id, run_at, id) WHERE state = 'queued' AND dispatched_at IS NULL;
