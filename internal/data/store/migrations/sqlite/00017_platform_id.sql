-- +goose Up
-- One row: which platform this is. A folder of stored files belongs to one, see the package blob.
CREATE TABLE platform_id (
    id    integer PRIMARY KEY CHECK (id = 1),
    value text NOT NULL
);

-- +goose Down
DROP TABLE platform_id;
