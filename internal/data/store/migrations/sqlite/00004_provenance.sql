-- +goose Up
-- Signed statements of how artifacts came about. They stand apart from the artifacts, which are listed without them.
CREATE TABLE attestations (
    artifact_id text PRIMARY KEY REFERENCES artifacts (id),
    envelope    text NOT NULL
);

-- The public keys of all workers that ever signed.
CREATE TABLE signing_keys (
    id         text PRIMARY KEY,
    public_key text NOT NULL,
    created_at datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))
);

-- +goose Down
DROP TABLE signing_keys;
DROP TABLE attestations;
