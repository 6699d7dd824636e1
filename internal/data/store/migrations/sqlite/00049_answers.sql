-- +goose Up
-- Requests with an idempotency key, noted in the transaction of their effect, and what they were answered.
CREATE TABLE answers (
    account_id  text NOT NULL REFERENCES accounts (id),
    key         text NOT NULL,
    operation   text NOT NULL,
    fingerprint text NOT NULL, -- of the request
    resource    text NOT NULL, -- that it made: its kind and id
    status      integer NOT NULL DEFAULT 0, -- 0 before the answer
    location    text NOT NULL DEFAULT '',
    etag        text NOT NULL DEFAULT '',
    body        text NOT NULL DEFAULT '',
    created_at  datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX answers_by_age ON answers (created_at);
INSERT INTO compatible_migrations (version, works_with) VALUES (49, 48);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 49;
DROP TABLE answers;
