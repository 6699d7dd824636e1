-- +goose Up
-- Where readiness writes, to find out whether the database takes writes.
CREATE TABLE probes (
    name text NOT NULL PRIMARY KEY,
    at   datetime NOT NULL
);
DELETE FROM rollups WHERE scope = 'ping';

-- +goose Down
DROP TABLE probes;
