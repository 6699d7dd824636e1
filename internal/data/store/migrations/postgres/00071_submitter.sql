-- +goose Up
-- Who submitted a job, as models.Submitter; null is the platform itself, or a program of before this migration.
ALTER TABLE jobs ADD COLUMN submitter json;
INSERT INTO compatible_migrations (version, works_with) VALUES (71, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 71;
ALTER TABLE jobs DROP COLUMN submitter;
