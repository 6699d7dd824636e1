-- +goose Up
-- Programs that ask a person for a key of theirs (RFC 8628), until they have it or too much time has passed.
CREATE TABLE device_logins (
    id          text COLLATE "C" PRIMARY KEY,
    hash        bytea NOT NULL UNIQUE, -- of the code that the program keeps
    user_code   text COLLATE "C" NOT NULL UNIQUE, -- that the person enters
    name        text NOT NULL, -- of the program and its machine, as it says
    address     text NOT NULL, -- from which it asks
    account_id  text COLLATE "C" NOT NULL DEFAULT '', -- that it asks for; once answered, the one that the person chose
    state       text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'denied', 'taken')),
    user_id     text COLLATE "C" REFERENCES users (id), -- who answered
    interval_s  integer NOT NULL,
    polled_at   timestamptz,
    created_at  timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX device_logins_by_end ON device_logins (expires_at);
CREATE INDEX device_logins_by_user ON device_logins (user_id) WHERE user_id IS NOT NULL;
-- Who was removed by hand from an account: a provider's rules do not bring them back.
CREATE TABLE removed_members (
    account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
    user_id    text COLLATE "C" NOT NULL REFERENCES users (id),
    removed_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (account_id, user_id)
);
CREATE INDEX removed_members_by_user ON removed_members (user_id);
-- A user who was erased stays as an id without a name, which what they have made refers to.
ALTER TABLE users ADD COLUMN erased_at timestamptz;
INSERT INTO compatible_migrations (version, works_with) VALUES (73, 67);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 73;
ALTER TABLE users DROP COLUMN erased_at;
DROP TABLE removed_members;
DROP TABLE device_logins;
