-- +goose Up
-- Limits by plan and by account: null leaves it to the plan, or else to the configuration; 0 is no limit.
CREATE TABLE plans (
    name                     text PRIMARY KEY NOT NULL,
    max_running              integer CHECK (max_running >= 0),
    max_running_per_end_user integer CHECK (max_running_per_end_user >= 0),
    max_waiting              integer CHECK (max_waiting >= 0),
    created_at               datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    updated_at               datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
);
ALTER TABLE accounts ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'suspended'));
ALTER TABLE accounts ADD COLUMN plan text REFERENCES plans (name);
ALTER TABLE accounts ADD COLUMN max_running integer CHECK (max_running >= 0);
ALTER TABLE accounts ADD COLUMN max_running_per_end_user integer CHECK (max_running_per_end_user >= 0);
ALTER TABLE accounts ADD COLUMN max_waiting integer CHECK (max_waiting >= 0);

-- SQLite cannot change a check, so the table is made anew. No other refers to it.
CREATE TABLE new_api_keys (
    id           text PRIMARY KEY,
    account_id   text NOT NULL REFERENCES accounts (id),
    name         text NOT NULL,
    role         text NOT NULL CHECK (role IN ('viewer', 'user', 'owner', 'auditor', 'admin', 'master')),
    hash         blob NOT NULL UNIQUE,
    prefix       text NOT NULL,
    created_at   datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    revoked_at   datetime,
    scopes       text NOT NULL DEFAULT '', -- those of the role's that a key has, with spaces between; '' are all of them
    expires_at   datetime,
    last_used_at datetime,
    replaced_at  datetime -- by another one; it works until its end
);
INSERT INTO new_api_keys (id, account_id, name, role, hash, prefix, created_at, revoked_at)
    SELECT id, account_id, name, role, hash, prefix, created_at, revoked_at FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE new_api_keys RENAME TO api_keys;
CREATE INDEX api_keys_by_account ON api_keys (account_id, id);
INSERT INTO compatible_migrations (version, works_with) VALUES (48, 47);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 48;
CREATE TABLE new_api_keys (
    id         text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id),
    name       text NOT NULL,
    role       text NOT NULL CHECK (role IN ('user', 'admin', 'auditor')),
    hash       blob NOT NULL UNIQUE,
    prefix     text NOT NULL,
    created_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    revoked_at datetime
);
INSERT INTO new_api_keys (id, account_id, name, role, hash, prefix, created_at, revoked_at)
    SELECT id, account_id, name, role, hash, prefix, created_at, revoked_at FROM api_keys WHERE role IN ('user', 'admin', 'auditor');
DROP TABLE api_keys;
ALTER TABLE new_api_keys RENAME TO api_keys;
ALTER TABLE accounts DROP COLUMN max_waiting;
ALTER TABLE accounts DROP COLUMN max_running_per_end_user;
ALTER TABLE accounts DROP COLUMN max_running;
ALTER TABLE accounts DROP COLUMN plan;
ALTER TABLE accounts DROP COLUMN state;
DROP TABLE plans;
