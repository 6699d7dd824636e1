-- +goose Up
-- Pipelines are listed, say whom they are for, and carry what an app notes about them. Steps have names, by which others refer to what they made.
ALTER TABLE pipelines ADD COLUMN metadata json;
ALTER TABLE pipelines ADD COLUMN end_user text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX pipelines_by_account ON pipelines (account_id, id);
ALTER TABLE jobs ADD COLUMN step text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN resolved boolean NOT NULL DEFAULT false; -- the references in its input were replaced
INSERT INTO compatible_migrations (version, works_with) VALUES (54, 52);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 54;
ALTER TABLE jobs DROP COLUMN resolved;
ALTER TABLE jobs DROP COLUMN step;
DROP INDEX pipelines_by_account;
ALTER TABLE pipelines DROP COLUMN end_user;
ALTER TABLE pipelines DROP COLUMN metadata;
