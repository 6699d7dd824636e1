-- +goose Up
-- When a tree was last stored, or stored again: one that nothing refers to goes some time after that.
ALTER TABLE trees ADD COLUMN used_at timestamptz NOT NULL DEFAULT statement_timestamp();

-- +goose Down
ALTER TABLE trees DROP COLUMN used_at;
