-- +goose Up
-- Which files an account has stored: each that its revisions, builds and exports consist of, once. Schedulers note what is new, and count all of it anew
-- now and then.
CREATE TABLE account_files (
    account_id text COLLATE "C" NOT NULL,
    sha256     text COLLATE "C" NOT NULL,
    size       bigint NOT NULL,
    noted_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, sha256)
);
CREATE TABLE account_storage (
    account_id text COLLATE "C" PRIMARY KEY,
    bytes      bigint NOT NULL
);
ALTER TABLE plans ADD COLUMN max_storage_mb integer CHECK (max_storage_mb >= 0);
ALTER TABLE accounts ADD COLUMN max_storage_mb integer CHECK (max_storage_mb >= 0);
INSERT INTO compatible_migrations (version, works_with) VALUES (87, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 87;
ALTER TABLE accounts DROP COLUMN max_storage_mb;
ALTER TABLE plans DROP COLUMN max_storage_mb;
DROP TABLE account_storage;
DROP TABLE account_files;
