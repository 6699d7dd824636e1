-- +goose Up
-- Accounts are deleted with a time in which they can be restored. They are suspended meanwhile, which older programs respect.
ALTER TABLE accounts ADD COLUMN deleted_at datetime;
CREATE INDEX accounts_deleted ON accounts (deleted_at) WHERE deleted_at IS NOT NULL;
INSERT INTO compatible_migrations (version, works_with) VALUES (72, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 72;
DROP INDEX accounts_deleted;
ALTER TABLE accounts DROP COLUMN deleted_at;
