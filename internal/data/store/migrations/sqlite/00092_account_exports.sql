-- +goose Up
-- Exports of accounts that are under way, one of each. Whoever writes one renews its row; one that is not renewed any more is over.
CREATE TABLE account_exports (
    account_id text PRIMARY KEY REFERENCES accounts (id),
    token      text NOT NULL, -- of who writes it
    renewed_at datetime NOT NULL
);
CREATE INDEX revisions_by_account ON revisions (account_id, id);
CREATE INDEX account_events_by_account ON account_events (account_id, id);
INSERT INTO compatible_migrations (version, works_with) VALUES (92, 87);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 92;
DROP TABLE account_exports;
DROP INDEX revisions_by_account;
DROP INDEX account_events_by_account;
