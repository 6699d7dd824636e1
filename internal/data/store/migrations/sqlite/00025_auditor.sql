-- +goose Up
-- SQLite cannot change a check, so the table is made anew. No other refers to it.
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
    SELECT id, account_id, name, role, hash, prefix, created_at, revoked_at FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE new_api_keys RENAME TO api_keys;

-- +goose Down
CREATE TABLE new_api_keys (
    id         text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id),
    name       text NOT NULL,
    role       text NOT NULL CHECK (role IN ('user', 'admin')),
    hash       blob NOT NULL UNIQUE,
    prefix     text NOT NULL,
    created_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    revoked_at datetime
);
INSERT INTO new_api_keys (id, account_id, name, role, hash, prefix, created_at, revoked_at)
    SELECT id, account_id, name, role, hash, prefix, created_at, revoked_at FROM api_keys WHERE role <> 'auditor';
DROP TABLE api_keys;
ALTER TABLE new_api_keys RENAME TO api_keys;
