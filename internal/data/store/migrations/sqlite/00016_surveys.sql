-- +goose Up
-- What one scheduler counted for all, see Backlog.Survey.
CREATE TABLE surveys (
    name     text PRIMARY KEY,
    taken_at datetime NOT NULL,
    result   text
);
-- Jobs that wait for others are counted without reading the whole table.
CREATE INDEX jobs_blocked ON jobs (kind, priority, account_id) WHERE state = 'blocked';
-- An administrator looks at what failed, which is little of a large table.
CREATE INDEX jobs_failed ON jobs (id) WHERE state = 'failed';

-- +goose Down
DROP INDEX jobs_failed;
DROP INDEX jobs_blocked;
DROP TABLE surveys;
