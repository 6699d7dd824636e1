-- +goose Up
-- The engine's version that an artifact was built with: a project's default may have changed since.
ALTER TABLE artifacts ADD COLUMN engine_version text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE artifacts DROP COLUMN engine_version;
