-- +goose Up
-- What who approved could do in the account then; '' of what an older program has stored.
ALTER TABLE device_logins ADD COLUMN role text NOT NULL DEFAULT '';
INSERT INTO compatible_migrations (version, works_with) VALUES (74, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 74;
ALTER TABLE device_logins DROP COLUMN role;
