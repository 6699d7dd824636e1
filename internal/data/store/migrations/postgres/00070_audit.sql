-- +goose Up
-- Who did what, written in the transaction of the change. A sequencer gives the entries of each account their numbers and hashes shortly
-- after. See docs/decisions/0035-audit.md.
CREATE TABLE audit_entries (
    id               text COLLATE "C" PRIMARY KEY,
    account_id       text COLLATE "C" NOT NULL, -- also of an account that is gone
    at               timestamptz NOT NULL DEFAULT statement_timestamp(),
    action           text NOT NULL,
    outcome          text NOT NULL CHECK (outcome IN ('done', 'refused')),
    code             text NOT NULL DEFAULT '',
    resource_kind    text NOT NULL DEFAULT '',
    resource_id      text COLLATE "C" NOT NULL DEFAULT '',
    actor_kind       text NOT NULL,
    actor_account_id text COLLATE "C" NOT NULL DEFAULT '',
    key_id           text COLLATE "C" NOT NULL DEFAULT '',
    user_id          text COLLATE "C" NOT NULL DEFAULT '',
    request_id       text NOT NULL DEFAULT '',
    end_user         text NOT NULL DEFAULT '', -- can be erased, like the next two: the chain has their hash alone
    address          text NOT NULL DEFAULT '',
    salt             text NOT NULL DEFAULT '',
    personal_hash    text NOT NULL,
    count            integer NOT NULL DEFAULT 1,
    since            timestamptz,
    details          text NOT NULL DEFAULT '',
    sequence         bigint, -- in the account's chain
    previous_hash    text NOT NULL DEFAULT '',
    hash             text NOT NULL DEFAULT ''
);
CREATE INDEX audit_entries_by_account ON audit_entries (account_id, id);
CREATE INDEX audit_entries_by_resource ON audit_entries (account_id, resource_id, id) WHERE resource_id <> '';
CREATE UNIQUE INDEX audit_entries_chain ON audit_entries (account_id, sequence);
CREATE INDEX audit_entries_unchained ON audit_entries (at, id) WHERE sequence IS NULL;

CREATE TABLE audit_chains (
    account_id      text COLLATE "C" PRIMARY KEY,
    sequence        bigint NOT NULL, -- of the newest entry
    hash            text NOT NULL,
    at              timestamptz NOT NULL DEFAULT statement_timestamp(),
    pruned_sequence bigint NOT NULL DEFAULT 0, -- of the last entry that was removed
    pruned_hash     text NOT NULL DEFAULT '',
    checkpoint      text NOT NULL DEFAULT '' -- the signed statement of that
);

-- Its only row is the sequencer's lock.
CREATE TABLE audit_turn (
    id smallint PRIMARY KEY CHECK (id = 1)
);
INSERT INTO audit_turn (id) VALUES (1);
INSERT INTO compatible_migrations (version, works_with) VALUES (70, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 70;
DROP TABLE audit_turn;
DROP TABLE audit_chains;
DROP TABLE audit_entries;
