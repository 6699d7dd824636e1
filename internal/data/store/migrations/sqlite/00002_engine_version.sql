-- +goose Up
-- The version of its engine that a project is pinned to; '' is whichever is the default.
ALTER TABLE projects ADD COLUMN engine_version text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE projects DROP COLUMN engine_version;
