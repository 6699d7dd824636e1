-- +goose Up
-- Every program that runs knows the title: those that have 901.
INSERT INTO compatible_migrations (version, works_with) VALUES (902, 901);
DROP TRIGGER project_title_by_title;
DROP TRIGGER project_title_by_name;
DROP TRIGGER project_title_insert;

-- +goose Down
UPDATE projects SET name = title;
DELETE FROM compatible_migrations WHERE version = 902;
