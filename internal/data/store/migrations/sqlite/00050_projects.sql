-- +goose Up
ALTER TABLE projects ADD COLUMN description text NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN labels text NOT NULL DEFAULT '{}'; -- a JSON object of texts, its names in order
ALTER TABLE projects ADD COLUMN deleted_at datetime; -- it can be restored until it is removed
CREATE INDEX projects_deleted ON projects (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX pipelines_by_project ON pipelines (project_id);
-- A revision with a name is a checkpoint, and kept. What a generation was asked and has done stays with its revision.
ALTER TABLE revisions ADD COLUMN name text NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN prompt text NOT NULL DEFAULT '';
INSERT INTO compatible_migrations (version, works_with) VALUES (50, 49);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 50;
ALTER TABLE revisions DROP COLUMN prompt;
ALTER TABLE revisions DROP COLUMN name;
DROP INDEX pipelines_by_project;
DROP INDEX projects_deleted;
ALTER TABLE projects DROP COLUMN deleted_at;
ALTER TABLE projects DROP COLUMN labels;
ALTER TABLE projects DROP COLUMN description;
