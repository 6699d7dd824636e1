-- +goose Up
-- The only project that a key is for; '' is all of its account. Programs of before do not know it: such keys are to be made when all are replaced.
ALTER TABLE api_keys ADD COLUMN project_id text NOT NULL DEFAULT '';
INSERT INTO compatible_migrations (version, works_with) VALUES (53, 52);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 53;
ALTER TABLE api_keys DROP COLUMN project_id;
