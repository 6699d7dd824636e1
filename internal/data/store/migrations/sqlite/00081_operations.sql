-- +goose Up
-- What is done to many jobs of an account, bit by bit: each bit is committed together with how far it came.
CREATE TABLE operations (
    id            text PRIMARY KEY,
    account_id    text NOT NULL REFERENCES accounts (id),
    project_id    text NOT NULL DEFAULT '',
    action        text NOT NULL CHECK (action IN ('cancel', 'retry')),
    filter        text NOT NULL,
    dry_run       boolean NOT NULL,
    state         text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
    counted       boolean NOT NULL DEFAULT 0,
    reached       text NOT NULL DEFAULT '', -- the last job that was looked at
    matched       bigint NOT NULL DEFAULT 0,
    done          bigint NOT NULL DEFAULT 0,
    along         bigint NOT NULL DEFAULT 0,
    skipped       bigint NOT NULL DEFAULT 0,
    failed        bigint NOT NULL DEFAULT 0,
    reasons       text NOT NULL DEFAULT '{}', -- how many were skipped, by code
    error_code    text NOT NULL DEFAULT '',
    error_message text NOT NULL DEFAULT '',
    created_at    datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    touched_at    datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    finished_at   datetime
);
CREATE INDEX operations_by_account ON operations (account_id, id);
CREATE INDEX operations_running ON operations (touched_at, id) WHERE state = 'running';
CREATE INDEX operations_by_age ON operations (created_at);
INSERT INTO compatible_migrations (version, works_with) VALUES (81, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 81;
DROP TABLE operations;
