-- +goose Up
-- Webhooks. docs/decisions/0050-webhooks.md says how they work.
CREATE TABLE webhook_endpoints (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    project_id  text COLLATE "C" NOT NULL DEFAULT '',
    url         text NOT NULL,
    description text NOT NULL DEFAULT '',
    events      json NOT NULL,
    headers     bytea, -- sealed
    payload     text NOT NULL DEFAULT 'thin',
    template    text NOT NULL DEFAULT '',
    state       text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled')),
    reason      text NOT NULL DEFAULT '',
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT statement_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX webhook_endpoints_by_account ON webhook_endpoints (account_id, id);
CREATE INDEX webhook_endpoints_by_project ON webhook_endpoints (project_id) WHERE project_id <> '';
CREATE TABLE webhook_secrets (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    endpoint_id text COLLATE "C" NOT NULL DEFAULT '', -- '' is the account's default
    kind        text NOT NULL CHECK (kind IN ('symmetric', 'ed25519')),
    sealed      bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at  timestamptz
);
CREATE INDEX webhook_secrets_by_endpoint ON webhook_secrets (account_id, endpoint_id);
-- What shares a limit of concurrency and a breaker: an endpoint, or the host of the URLs that were given with jobs.
CREATE TABLE webhook_destinations (
    id              text COLLATE "C" PRIMARY KEY,
    account_id      text COLLATE "C" NOT NULL REFERENCES accounts (id),
    failures        integer NOT NULL DEFAULT 0, -- in a row
    failing_since   timestamptz,
    paused_until    timestamptz,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    updated_at      timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX webhook_destinations_by_account ON webhook_destinations (account_id);
CREATE TABLE webhook_messages (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    project_id  text COLLATE "C" NOT NULL,
    pipeline_id text COLLATE "C" NOT NULL,
    job_id      text COLLATE "C" NOT NULL,
    type        text COLLATE "C" NOT NULL,
    position    bigint NOT NULL,
    seq         bigint NOT NULL,
    job_kind    text NOT NULL,
    attempt     integer NOT NULL,
    data        json,
    test        boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL, -- when it happened
    made_at     timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX webhook_messages_by_account ON webhook_messages (account_id, id);
CREATE INDEX webhook_messages_by_age ON webhook_messages (made_at);
CREATE TABLE webhook_deliveries (
    id              text COLLATE "C" PRIMARY KEY,
    account_id      text COLLATE "C" NOT NULL REFERENCES accounts (id),
    message_id      text COLLATE "C" NOT NULL REFERENCES webhook_messages (id) ON DELETE CASCADE,
    endpoint_id     text COLLATE "C" NOT NULL, -- '' is the URL of a job or a pipeline
    url             text NOT NULL DEFAULT '',
    destination     text COLLATE "C" NOT NULL,
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivering', 'delivered', 'failed')),
    attempts        integer NOT NULL DEFAULT 0, -- since it was made or replayed
    tried           integer NOT NULL DEFAULT 0, -- over replays too
    next_attempt_at timestamptz,
    dispatch_no     bigint NOT NULL DEFAULT 0,
    dispatched_at   timestamptz, -- while a task or a worker has it
    lease_owner     text NOT NULL DEFAULT '',
    lease_until     timestamptz,
    last_status     integer NOT NULL DEFAULT 0,
    failure         text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT statement_timestamp(),
    finished_at     timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX webhook_deliveries_by_account ON webhook_deliveries (account_id, id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, id) WHERE endpoint_id <> '';
CREATE INDEX webhook_deliveries_by_message ON webhook_deliveries (message_id);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (destination, next_attempt_at, id) WHERE state = 'pending' AND dispatched_at IS NULL;
CREATE INDEX webhook_deliveries_by_destination ON webhook_deliveries (destination, state);
CREATE INDEX webhook_deliveries_flying ON webhook_deliveries (account_id, destination) WHERE dispatched_at IS NOT NULL;
CREATE TABLE webhook_attempts (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    delivery_id text COLLATE "C" NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    destination text COLLATE "C" NOT NULL,
    no          integer NOT NULL,
    at          timestamptz NOT NULL,
    latency_ms  bigint NOT NULL,
    status      integer NOT NULL,
    failure     text NOT NULL,
    message     text NOT NULL,
    response    text NOT NULL
);
CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, id);
CREATE INDEX webhook_attempts_by_destination ON webhook_attempts (destination, id);
CREATE INDEX webhook_attempts_by_account ON webhook_attempts (account_id, id);
-- How far those have come who pass the stream of events on.
CREATE TABLE event_cursors (
    name     text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL
);
INSERT INTO event_cursors (name, position)
    SELECT 'webhooks', coalesce((SELECT max(position) FROM event_stream), (SELECT forgotten FROM event_bounds), 0);
INSERT INTO compatible_migrations (version, works_with) VALUES (88, 87);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 88;
DROP TABLE event_cursors;
DROP TABLE webhook_attempts;
DROP TABLE webhook_deliveries;
DROP TABLE webhook_messages;
DROP TABLE webhook_destinations;
DROP TABLE webhook_secrets;
DROP TABLE webhook_endpoints;
