-- +goose Up
-- Schedules of accounts, beside the platform's own, which older programs go on running by themselves.
CREATE TABLE account_schedules (
    id           text PRIMARY KEY,
    account_id   text NOT NULL REFERENCES accounts (id),
    project_id   text NOT NULL DEFAULT '',
    name         text NOT NULL,
    cron         text NOT NULL,
    time_zone    text NOT NULL,
    target       text NOT NULL, -- what it submits
    overlap      text NOT NULL CHECK (overlap IN ('skip', 'queue', 'replace')),
    misfire      text NOT NULL CHECK (misfire IN ('skip', 'once')),
    paused_at    datetime,
    pause_reason text NOT NULL DEFAULT '' CHECK (pause_reason IN ('', 'requested', 'failures')),
    next_run_at  datetime NOT NULL,
    counted_from datetime NOT NULL, -- failures before it do not count
    created_at   datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    updated_at   datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
);
CREATE INDEX account_schedules_by_account ON account_schedules (account_id, id);
CREATE INDEX account_schedules_due ON account_schedules (next_run_at) WHERE paused_at IS NULL;
-- What schedules did.
CREATE TABLE firings (
    id          text PRIMARY KEY,
    account_id  text NOT NULL REFERENCES accounts (id),
    schedule_id text NOT NULL REFERENCES account_schedules (id) ON DELETE CASCADE,
    due_at      datetime NOT NULL,
    fired_at    datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    manual      boolean NOT NULL DEFAULT 0,
    outcome     text NOT NULL CHECK (outcome IN ('submitted', 'skipped', 'refused', 'missed')),
    job_id      text NOT NULL DEFAULT '',
    pipeline_id text NOT NULL DEFAULT '',
    error_code  text NOT NULL DEFAULT '',
    message     text NOT NULL DEFAULT '',
    missed      integer NOT NULL DEFAULT 0
);
CREATE INDEX firings_by_schedule ON firings (schedule_id, id);
CREATE INDEX firings_by_age ON firings (fired_at);
-- What happened to accounts. The sequencer gives those that are pending their positions; in event_stream the id stands in the place of a job's.
CREATE TABLE account_events (
    id         text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id),
    project_id text NOT NULL DEFAULT '',
    type       text NOT NULL,
    data       text NOT NULL,
    pending    boolean NOT NULL DEFAULT 1,
    created_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
);
CREATE INDEX account_events_pending ON account_events (id) WHERE pending;
CREATE INDEX account_events_by_age ON account_events (created_at);
ALTER TABLE plans ADD COLUMN max_schedules integer CHECK (max_schedules >= 0);
ALTER TABLE plans ADD COLUMN min_schedule_seconds integer CHECK (min_schedule_seconds >= 0);
ALTER TABLE accounts ADD COLUMN max_schedules integer CHECK (max_schedules >= 0);
ALTER TABLE accounts ADD COLUMN min_schedule_seconds integer CHECK (min_schedule_seconds >= 0);
INSERT INTO compatible_migrations (version, works_with) VALUES (85, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 85;
ALTER TABLE accounts DROP COLUMN min_schedule_seconds;
ALTER TABLE accounts DROP COLUMN max_schedules;
ALTER TABLE plans DROP COLUMN min_schedule_seconds;
ALTER TABLE plans DROP COLUMN max_schedules;
DROP TABLE account_events;
DROP TABLE firings;
DROP TABLE account_schedules;
