-- +goose Up
-- What an app notes about its job, a JSON object.
ALTER TABLE jobs ADD COLUMN metadata text;
INSERT INTO compatible_migrations (version, works_with) VALUES (51, 50);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 51;
ALTER TABLE jobs DROP COLUMN metadata;
