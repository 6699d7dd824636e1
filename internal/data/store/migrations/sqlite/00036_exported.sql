-- +goose Up
-- The build that an export was made of: it is never removed.
ALTER TABLE artifacts ADD COLUMN exported_from text NOT NULL DEFAULT '';
UPDATE artifacts SET exported_from = coalesce(jobs.output ->> 'from_artifact_id', '') FROM jobs WHERE jobs.id = artifacts.job_id AND artifacts.kind = 'export';
CREATE INDEX artifacts_exported ON artifacts (exported_from) WHERE exported_from <> '';

-- +goose Down
DROP INDEX artifacts_exported;
ALTER TABLE artifacts DROP COLUMN exported_from;
