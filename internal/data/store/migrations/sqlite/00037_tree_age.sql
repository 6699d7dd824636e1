-- +goose Up
-- When a tree was last stored, or stored again: one that nothing refers to goes some time after that. SQLite adds no column whose
-- default is an expression, so the table is made anew. No other refers to it.
CREATE TABLE new_trees (
    digest  text NOT NULL PRIMARY KEY,
    content blob NOT NULL,
    used_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
);
INSERT INTO new_trees (digest, content) SELECT digest, content FROM trees;
DROP TABLE trees;
ALTER TABLE new_trees RENAME TO trees;

-- +goose Down
ALTER TABLE trees DROP COLUMN used_at;
