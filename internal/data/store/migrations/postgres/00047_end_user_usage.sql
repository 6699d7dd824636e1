-- +goose Up
-- Usage by day of an account's end users, beside that of the account as a whole.
CREATE TABLE end_user_usage (
    account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
    end_user   text COLLATE "C" NOT NULL,
    kind       text NOT NULL,
    start      timestamptz NOT NULL,
    jobs       bigint NOT NULL,
    failures   bigint NOT NULL,
    p50_millis bigint NOT NULL,
    p95_millis bigint NOT NULL,
    tokens_in  bigint NOT NULL,
    tokens_out bigint NOT NULL,
    bytes      bigint NOT NULL,
    PRIMARY KEY (account_id, end_user, start, kind)
);

-- +goose Down
DROP TABLE end_user_usage;
