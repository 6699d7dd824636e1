-- +goose Up
-- Attempts that ended because the platform lacked something, such as its database. They are counted apart from the job's own failures.
ALTER TABLE jobs ADD COLUMN outages integer NOT NULL DEFAULT 0;
INSERT INTO compatible_migrations (version, works_with) VALUES (52, 51);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 52;
ALTER TABLE jobs DROP COLUMN outages;
