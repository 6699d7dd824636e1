-- +goose Up
-- People who sign in with a provider, what they may do in accounts, and the browsers in which they are signed in.
CREATE TABLE users (
    id             text PRIMARY KEY NOT NULL,
    issuer         text NOT NULL,
    subject        text NOT NULL,
    email          text NOT NULL DEFAULT '',
    email_verified boolean NOT NULL DEFAULT false,
    name           text NOT NULL DEFAULT '',
    created_at     datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    signed_in_at   datetime,
    disabled_at    datetime,
    UNIQUE (issuer, subject)
);
CREATE TABLE memberships (
    account_id text NOT NULL REFERENCES accounts (id),
    user_id    text NOT NULL REFERENCES users (id),
    role       text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    source     text NOT NULL DEFAULT '', -- the provider whose rules made it; '' is by invitation
    created_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    PRIMARY KEY (account_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);
CREATE TABLE sessions (
    id             text PRIMARY KEY NOT NULL,
    user_id        text NOT NULL REFERENCES users (id),
    hash           blob NOT NULL UNIQUE,
    previous_hash  blob, -- which works for a moment after the hash was replaced
    previous_until datetime,
    rotate         boolean NOT NULL DEFAULT false, -- at the next request
    sid            text NOT NULL DEFAULT '', -- the provider's id of the session
    browser        text NOT NULL DEFAULT '',
    created_at     datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    seen_at        datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    expires_at     datetime NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_previous ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX sessions_by_end ON sessions (expires_at);
-- What may be presented once: the states of sign-ins, and the ids of logout tokens.
CREATE TABLE spent_tokens (
    hash  blob PRIMARY KEY NOT NULL,
    until datetime NOT NULL -- when nobody accepts it any more for its age
);
CREATE INDEX spent_tokens_by_end ON spent_tokens (until);
-- A key of a person's ends with the membership.
ALTER TABLE api_keys ADD COLUMN user_id text REFERENCES users (id);
CREATE INDEX api_keys_by_user ON api_keys (user_id) WHERE user_id IS NOT NULL;
INSERT INTO compatible_migrations (version, works_with) VALUES (60, 52);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 60;
DROP INDEX api_keys_by_user;
DELETE FROM api_keys WHERE user_id IS NOT NULL;
ALTER TABLE api_keys DROP COLUMN user_id;
DROP TABLE spent_tokens;
DROP TABLE sessions;
DROP TABLE memberships;
DROP TABLE users;
