-- +goose Up
-- The check value of the pepper that a key's hash was made with. Null is a key of an older program: it was made with the pepper whose
-- check value is in pepper_check.
ALTER TABLE api_keys ADD COLUMN pepper bytea;
UPDATE api_keys SET pepper = (SELECT value FROM pepper_check WHERE id = 1);
INSERT INTO compatible_migrations (version, works_with) VALUES (67, 52);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 67;
ALTER TABLE api_keys DROP COLUMN pepper;
