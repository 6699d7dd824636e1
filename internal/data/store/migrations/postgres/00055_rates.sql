-- +goose Up
-- How many requests an account may make in a minute: null leaves it to the plan, or else to the configuration; 0 is no limit.
ALTER TABLE plans ADD COLUMN requests_per_minute integer CHECK (requests_per_minute >= 0);
ALTER TABLE plans ADD COLUMN requests_per_minute_per_key integer CHECK (requests_per_minute_per_key >= 0);
ALTER TABLE plans ADD COLUMN requests_per_minute_per_end_user integer CHECK (requests_per_minute_per_end_user >= 0);
ALTER TABLE accounts ADD COLUMN requests_per_minute integer CHECK (requests_per_minute >= 0);
ALTER TABLE accounts ADD COLUMN requests_per_minute_per_key integer CHECK (requests_per_minute_per_key >= 0);
ALTER TABLE accounts ADD COLUMN requests_per_minute_per_end_user integer CHECK (requests_per_minute_per_end_user >= 0);
INSERT INTO compatible_migrations (version, works_with) VALUES (55, 52);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 55;
ALTER TABLE accounts DROP COLUMN requests_per_minute_per_end_user;
ALTER TABLE accounts DROP COLUMN requests_per_minute_per_key;
ALTER TABLE accounts DROP COLUMN requests_per_minute;
ALTER TABLE plans DROP COLUMN requests_per_minute_per_end_user;
ALTER TABLE plans DROP COLUMN requests_per_minute_per_key;
ALTER TABLE plans DROP COLUMN requests_per_minute;
