-- +goose Up
-- A job that has not started by its expiry fails and never runs.
ALTER TABLE jobs ADD COLUMN expires_at datetime;
ALTER TABLE job_queue ADD COLUMN expires_at datetime;
CREATE INDEX job_queue_expiry ON job_queue (expires_at) WHERE expires_at IS NOT NULL;

-- Of the jobs and pipelines of an account with one concurrency key, one runs at a time. They stand in line by turn; the first one
-- holds the key.
ALTER TABLE jobs ADD COLUMN concurrency_key text NOT NULL DEFAULT '';
CREATE TABLE concurrency_line (
    account_id      text NOT NULL REFERENCES accounts (id),
    concurrency_key text NOT NULL,
    turn            integer NOT NULL,
    holder_id       text NOT NULL UNIQUE, -- a pipeline, or a job outside of one
    PRIMARY KEY (account_id, concurrency_key, turn)
);

-- +goose Down
DROP TABLE concurrency_line;
ALTER TABLE jobs DROP COLUMN concurrency_key;
DROP INDEX job_queue_expiry;
ALTER TABLE job_queue DROP COLUMN expires_at;
ALTER TABLE jobs DROP COLUMN expires_at;
