-- +goose Up
-- Signed statements of how artifacts came about. They stand apart from the artifacts, which are listed without them.
CREATE TABLE attestations (
    artifact_id text COLLATE "C" PRIMARY KEY REFERENCES artifacts (id),
    envelope    text NOT NULL
);

-- The public keys of all workers that ever signed.
CREATE TABLE signing_keys (
    id         text COLLATE "C" PRIMARY KEY,
    public_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);

-- +goose Down
DROP TABLE signing_keys;
DROP TABLE attestations;
