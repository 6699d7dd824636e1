-- +goose Up
-- A project is to be called by its title instead of its name. Programs that only know the name keep working: what they write is
-- copied, and what the new ones write as well.
INSERT INTO compatible_migrations (version, works_with) VALUES (901, 30);
ALTER TABLE projects ADD COLUMN title text;
-- +goose StatementBegin
CREATE TRIGGER project_title_insert AFTER INSERT ON projects BEGIN
    UPDATE projects SET title = coalesce(NEW.title, NEW.name), name = coalesce(NEW.title, NEW.name) WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER project_title_by_name AFTER UPDATE OF name ON projects WHEN NEW.title IS NOT NEW.name BEGIN
    UPDATE projects SET title = NEW.name WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER project_title_by_title AFTER UPDATE OF title ON projects WHEN NEW.title IS NOT NEW.name BEGIN
    UPDATE projects SET name = NEW.title WHERE id = NEW.id;
END;
-- +goose StatementEnd
UPDATE projects SET title = name;

-- +goose Down
DROP TRIGGER project_title_by_title;
DROP TRIGGER project_title_by_name;
DROP TRIGGER project_title_insert;
ALTER TABLE projects DROP COLUMN title;
DELETE FROM compatible_migrations WHERE version = 901;
