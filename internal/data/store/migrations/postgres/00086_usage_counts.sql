-- +goose Up
-- What accounts used, by the hour (2026-01-31 07) and, when hours are not kept any longer, by the day (2026-01-31), UTC, in which jobs ended. The
-- sequencer counts it, so that no two transactions meet here.
CREATE TABLE usage_counts (
    account_id   text COLLATE "C" NOT NULL,
    start        text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    project_id   text COLLATE "C" NOT NULL,
    end_user     text COLLATE "C" NOT NULL,
    jobs         bigint NOT NULL,
    failures     bigint NOT NULL,
    tokens_in    bigint NOT NULL,
    tokens_out   bigint NOT NULL,
    build_millis bigint NOT NULL,
    bytes        bigint NOT NULL,
    PRIMARY KEY (account_id, start, kind, project_id, end_user)
) WITH (fillfactor = 50);
CREATE INDEX usage_counts_hours ON usage_counts (start) WHERE length(start) = 13;
-- Of the tokens of a job, those that were counted before it was retried; and how long attempts ran that are not counted yet, beside the last one.
ALTER TABLE jobs ADD COLUMN counted_in bigint NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN counted_out bigint NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN ran_millis bigint NOT NULL DEFAULT 0;
-- What was told of quotas, so that it is told once: of which account or end user, which quota, from how many percent on, and of which day.
CREATE TABLE quota_notices (
    account_id text COLLATE "C" NOT NULL,
    end_user   text COLLATE "C" NOT NULL,
    quota      text COLLATE "C" NOT NULL,
    percent    integer NOT NULL,
    day        text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, end_user, quota, percent, day)
);
CREATE INDEX quota_notices_by_day ON quota_notices (day);
INSERT INTO compatible_migrations (version, works_with) VALUES (86, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 86;
DROP TABLE quota_notices;
ALTER TABLE jobs DROP COLUMN ran_millis;
ALTER TABLE jobs DROP COLUMN counted_out;
ALTER TABLE jobs DROP COLUMN counted_in;
DROP TABLE usage_counts;
