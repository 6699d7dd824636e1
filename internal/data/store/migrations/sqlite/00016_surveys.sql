-- +goose Up
-- What one scheduler counted for all, see Backlog.Survey.
CREATE TABLE surveys (
    name     text PRIMARY KEY,
    taken_at datetime NOT NULL,
    result   text
);
-- Jobs that wait for others are counted without reading the whole table.
CREATE INDEX jobs_blocked ON jobs (kind, priority, account_id) WHERE state = 'blocked';

-- +goose Down
DROP INDEX jobs_blocked;
DROP TABLE surveys;
