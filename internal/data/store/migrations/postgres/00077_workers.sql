-- +goose Up
-- The processes that run jobs, as each says of itself, and which of them were asked to take no more. A worker looks here twice a second.
CREATE TABLE workers (
    id             text COLLATE "C" PRIMARY KEY,
    name           text NOT NULL, -- in leases
    slots          text NOT NULL, -- JSON, by kind
    busy           integer NOT NULL,
    stopping       boolean NOT NULL DEFAULT false,
    started_at     timestamptz NOT NULL DEFAULT statement_timestamp(),
    seen_at        timestamptz NOT NULL DEFAULT statement_timestamp(),
    drain_asked_at timestamptz,
    drained_at     timestamptz
);
-- Jobs that failed because they killed their workers: few, and looked for among all that failed.
CREATE INDEX jobs_poisonous ON jobs (id) WHERE finished_at IS NOT NULL AND error_code = 'poisonous';
INSERT INTO compatible_migrations (version, works_with) VALUES (77, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 77;
DROP INDEX jobs_poisonous;
DROP TABLE workers;
