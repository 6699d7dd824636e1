-- +goose Up
-- One row: what the pepper gives for a fixed text. A start with another pepper, under which no key would be found, is refused.
CREATE TABLE pepper_check (
    id    integer PRIMARY KEY CHECK (id = 1),
    value bytea NOT NULL
);

-- +goose Down
DROP TABLE pepper_check;
