-- +goose Up
-- What may be used in a day: null leaves it to the plan, or else to the configuration; 0 is no limit.
ALTER TABLE plans ADD COLUMN jobs_per_day integer CHECK (jobs_per_day >= 0);
ALTER TABLE plans ADD COLUMN jobs_per_day_per_end_user integer CHECK (jobs_per_day_per_end_user >= 0);
ALTER TABLE plans ADD COLUMN tokens_per_day integer CHECK (tokens_per_day >= 0);
ALTER TABLE plans ADD COLUMN tokens_per_day_per_end_user integer CHECK (tokens_per_day_per_end_user >= 0);
ALTER TABLE plans ADD COLUMN build_minutes_per_day integer CHECK (build_minutes_per_day >= 0);
ALTER TABLE plans ADD COLUMN build_minutes_per_day_per_end_user integer CHECK (build_minutes_per_day_per_end_user >= 0);
ALTER TABLE accounts ADD COLUMN jobs_per_day integer CHECK (jobs_per_day >= 0);
ALTER TABLE accounts ADD COLUMN jobs_per_day_per_end_user integer CHECK (jobs_per_day_per_end_user >= 0);
ALTER TABLE accounts ADD COLUMN tokens_per_day integer CHECK (tokens_per_day >= 0);
ALTER TABLE accounts ADD COLUMN tokens_per_day_per_end_user integer CHECK (tokens_per_day_per_end_user >= 0);
ALTER TABLE accounts ADD COLUMN build_minutes_per_day integer CHECK (build_minutes_per_day >= 0);
ALTER TABLE accounts ADD COLUMN build_minutes_per_day_per_end_user integer CHECK (build_minutes_per_day_per_end_user >= 0);
-- What was used in a day (UTC), of an account ('') and of each of its end users. The sequencer counts it, so that no two transactions meet here.
CREATE TABLE spent (
    account_id   text COLLATE "C" NOT NULL,
    end_user     text COLLATE "C" NOT NULL,
    day          text NOT NULL, -- 2026-01-31
    jobs         bigint NOT NULL,
    tokens       bigint NOT NULL,
    build_millis bigint NOT NULL,
    PRIMARY KEY (account_id, end_user, day)
) WITH (fillfactor = 50);
CREATE INDEX spent_by_day ON spent (day);
INSERT INTO compatible_migrations (version, works_with) VALUES (56, 52);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 56;
DROP TABLE spent;
ALTER TABLE accounts DROP COLUMN build_minutes_per_day_per_end_user;
ALTER TABLE accounts DROP COLUMN build_minutes_per_day;
ALTER TABLE accounts DROP COLUMN tokens_per_day_per_end_user;
ALTER TABLE accounts DROP COLUMN tokens_per_day;
ALTER TABLE accounts DROP COLUMN jobs_per_day_per_end_user;
ALTER TABLE accounts DROP COLUMN jobs_per_day;
ALTER TABLE plans DROP COLUMN build_minutes_per_day_per_end_user;
ALTER TABLE plans DROP COLUMN build_minutes_per_day;
ALTER TABLE plans DROP COLUMN tokens_per_day_per_end_user;
ALTER TABLE plans DROP COLUMN tokens_per_day;
ALTER TABLE plans DROP COLUMN jobs_per_day_per_end_user;
ALTER TABLE plans DROP COLUMN jobs_per_day;
