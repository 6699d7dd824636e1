-- +goose Up
-- Pipelines with names and parameters. What a pipeline was made of is noted with it; older programs make pipelines of steps alone.
CREATE TABLE templates (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    name        text COLLATE "C" NOT NULL,
    description text NOT NULL DEFAULT '',
    parameters  json NOT NULL,
    steps       json NOT NULL,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT statement_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE UNIQUE INDEX templates_by_name ON templates (account_id, name);
CREATE INDEX templates_by_account ON templates (account_id, id);
ALTER TABLE pipelines ADD COLUMN template_id text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE pipelines ADD COLUMN template_name text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE pipelines ADD COLUMN template_version integer NOT NULL DEFAULT 0;
INSERT INTO compatible_migrations (version, works_with) VALUES (79, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 79;
ALTER TABLE pipelines DROP COLUMN template_version;
ALTER TABLE pipelines DROP COLUMN template_name;
ALTER TABLE pipelines DROP COLUMN template_id;
DROP TABLE templates;
