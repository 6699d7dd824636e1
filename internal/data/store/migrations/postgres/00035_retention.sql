-- +goose Up
-- How far each walk of the retention has come: what is older has been removed, unless it is pinned.
CREATE TABLE retention (
    name    text PRIMARY KEY,
    done_to timestamptz NOT NULL
);

-- +goose Down
DROP TABLE retention;
