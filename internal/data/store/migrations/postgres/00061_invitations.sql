-- +goose Up
-- Links by which people become members. Only the hash of a link's token is stored.
CREATE TABLE invitations (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    role        text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    email       text NOT NULL DEFAULT '', -- whose it is; '' is whoever has the link
    hash        bytea NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at  timestamptz NOT NULL,
    accepted_at timestamptz
);
CREATE INDEX invitations_by_account ON invitations (account_id, id);
INSERT INTO compatible_migrations (version, works_with) VALUES (61, 60);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 61;
DROP TABLE invitations;
