-- +goose Up
-- Every program that runs knows the title: those that have 901.
INSERT INTO compatible_migrations (version, works_with) VALUES (902, 901);
DROP TRIGGER project_title ON projects;
DROP FUNCTION project_title;
ALTER TABLE projects ALTER COLUMN title SET NOT NULL;
ALTER TABLE projects ALTER COLUMN name DROP NOT NULL;

-- +goose Down
UPDATE projects SET name = title;
ALTER TABLE projects ALTER COLUMN name SET NOT NULL;
ALTER TABLE projects ALTER COLUMN title DROP NOT NULL;
DELETE FROM compatible_migrations WHERE version = 902;
