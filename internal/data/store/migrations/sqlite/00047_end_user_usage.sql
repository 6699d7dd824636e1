-- +goose Up
-- Usage by day of an account's end users, beside that of the account as a whole.
CREATE TABLE end_user_usage (
    account_id text NOT NULL REFERENCES accounts (id),
    end_user   text NOT NULL,
    kind       text NOT NULL,
    start      datetime NOT NULL,
    jobs       integer NOT NULL,
    failures   integer NOT NULL,
    p50_millis integer NOT NULL,
    p95_millis integer NOT NULL,
    tokens_in  integer NOT NULL,
    tokens_out integer NOT NULL,
    bytes      integer NOT NULL,
    PRIMARY KEY (account_id, end_user, start, kind)
);

-- +goose Down
DROP TABLE end_user_usage;
