-- +goose Up
-- Files that accounts have uploaded for their games. Each content is one asset of an account.
CREATE TABLE assets (
    id               text COLLATE "C" PRIMARY KEY,
    account_id       text COLLATE "C" NOT NULL REFERENCES accounts (id),
    name             text NOT NULL,
    kind             text NOT NULL,
    media_type       text NOT NULL,
    sha256           text COLLATE "C" NOT NULL,
    size             bigint NOT NULL,
    width            integer NOT NULL DEFAULT 0,
    height           integer NOT NULL DEFAULT 0,
    frames           integer NOT NULL DEFAULT 0,
    alpha            boolean NOT NULL DEFAULT false,
    duration_ms      bigint NOT NULL DEFAULT 0,
    sample_rate      integer NOT NULL DEFAULT 0,
    channels         integer NOT NULL DEFAULT 0,
    thumbnail_sha256 text COLLATE "C" NOT NULL DEFAULT '',
    thumbnail_size   bigint NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE UNIQUE INDEX assets_by_content ON assets (account_id, sha256);
CREATE INDEX assets_by_account ON assets (account_id, id);
INSERT INTO compatible_migrations (version, works_with) VALUES (83, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 83;
DROP TABLE assets;
