-- +goose Up
-- A project is to be called by its title instead of its name. Programs that only know the name keep working: what they write is
-- copied, and what the new ones write as well.
INSERT INTO compatible_migrations (version, works_with) VALUES (901, 30);
ALTER TABLE projects ADD COLUMN title text;
-- +goose StatementBegin
CREATE FUNCTION project_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.title := coalesce(NEW.title, NEW.name);
    ELSIF NEW.title IS NOT DISTINCT FROM OLD.title THEN
        NEW.title := NEW.name;
    END IF;
    NEW.name := NEW.title;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER project_title BEFORE INSERT OR UPDATE ON projects FOR EACH ROW EXECUTE FUNCTION project_title();
UPDATE projects SET title = name;

-- +goose Down
DROP TRIGGER project_title ON projects;
DROP FUNCTION project_title;
ALTER TABLE projects DROP COLUMN title;
DELETE FROM compatible_migrations WHERE version = 901;
