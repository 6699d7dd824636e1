-- +goose Up
-- The kinds of which no jobs are started. What releases jobs looks here.
CREATE TABLE paused_kinds (
    kind      text PRIMARY KEY,
    paused_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    reason    text NOT NULL DEFAULT ''
);
INSERT INTO compatible_migrations (version, works_with) VALUES (76, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 76;
DROP TABLE paused_kinds;
