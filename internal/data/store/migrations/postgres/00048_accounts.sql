-- +goose Up
-- Limits by plan and by account: null leaves it to the plan, or else to the configuration; 0 is no limit.
CREATE TABLE plans (
    name                     text COLLATE "C" PRIMARY KEY,
    max_running              integer CHECK (max_running >= 0),
    max_running_per_end_user integer CHECK (max_running_per_end_user >= 0),
    max_waiting              integer CHECK (max_waiting >= 0),
    created_at               timestamptz NOT NULL DEFAULT statement_timestamp(),
    updated_at               timestamptz NOT NULL DEFAULT statement_timestamp()
);
ALTER TABLE accounts ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'suspended'));
ALTER TABLE accounts ADD COLUMN plan text COLLATE "C" REFERENCES plans (name);
ALTER TABLE accounts ADD COLUMN max_running integer CHECK (max_running >= 0);
ALTER TABLE accounts ADD COLUMN max_running_per_end_user integer CHECK (max_running_per_end_user >= 0);
ALTER TABLE accounts ADD COLUMN max_waiting integer CHECK (max_waiting >= 0);

-- scopes: those of the role's that a key has, with spaces between; '' are all of them.
ALTER TABLE api_keys ADD COLUMN scopes text NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN expires_at timestamptz;
ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz;
ALTER TABLE api_keys ADD COLUMN replaced_at timestamptz; -- by another one; it works until its end
ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_role_check CHECK (role IN ('viewer', 'user', 'owner', 'auditor', 'admin', 'master'));
CREATE INDEX api_keys_by_account ON api_keys (account_id, id);
INSERT INTO compatible_migrations (version, works_with) VALUES (48, 47);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 48;
DROP INDEX api_keys_by_account;
DELETE FROM api_keys WHERE role NOT IN ('user', 'admin', 'auditor');
ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_role_check CHECK (role IN ('user', 'admin', 'auditor'));
ALTER TABLE api_keys DROP COLUMN replaced_at;
ALTER TABLE api_keys DROP COLUMN last_used_at;
ALTER TABLE api_keys DROP COLUMN expires_at;
ALTER TABLE api_keys DROP COLUMN scopes;
ALTER TABLE accounts DROP COLUMN max_waiting;
ALTER TABLE accounts DROP COLUMN max_running_per_end_user;
ALTER TABLE accounts DROP COLUMN max_running;
ALTER TABLE accounts DROP COLUMN plan;
ALTER TABLE accounts DROP COLUMN state;
DROP TABLE plans;
