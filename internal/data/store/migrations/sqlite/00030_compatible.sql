-- +goose Up
-- Which older programs work on a migration that they do not know: those that have the migration works_with. A migration that is not
-- listed here stops them. See docs/decisions/0021-upgrades.md.
CREATE TABLE compatible_migrations (
    version    integer NOT NULL PRIMARY KEY,
    works_with integer NOT NULL
);

-- +goose Down
DROP TABLE compatible_migrations;
