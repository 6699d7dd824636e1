-- +goose Up
-- Filters of jobs by their concurrency key. Those by metadata read a part of the list here.
CREATE INDEX jobs_by_concurrency_key ON jobs (account_id, concurrency_key, id) WHERE concurrency_key <> '';
INSERT INTO compatible_migrations (version, works_with) VALUES (91, 87);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 91;
DROP INDEX jobs_by_concurrency_key;
