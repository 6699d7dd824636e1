-- +goose Up
-- The kinds of which no jobs are started. What releases jobs looks here.
CREATE TABLE paused_kinds (
    kind      text PRIMARY KEY,
    paused_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    reason    text NOT NULL DEFAULT ''
);
INSERT INTO compatible_migrations (version, works_with) VALUES (76, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 76;
DROP TABLE paused_kinds;
