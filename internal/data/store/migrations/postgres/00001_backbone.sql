-- +goose Up
CREATE TABLE accounts (
    id         text COLLATE "C" PRIMARY KEY,
    name       text NOT NULL,
    weight     integer NOT NULL DEFAULT 1 CHECK (weight > 0),
    created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);

CREATE TABLE api_keys (
    id         text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
    name       text NOT NULL,
    role       text NOT NULL CHECK (role IN ('user', 'admin')),
    hash       bytea NOT NULL UNIQUE,
    prefix     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    revoked_at timestamptz
);

CREATE TABLE projects (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    name        text NOT NULL,
    engine      text NOT NULL,
    revision_id text COLLATE "C" NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT statement_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX projects_by_account ON projects (account_id, id);

CREATE TABLE revisions (
    id         text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
    project_id text COLLATE "C" NOT NULL REFERENCES projects (id),
    job_id     text COLLATE "C" NOT NULL DEFAULT '',
    parent_id  text COLLATE "C" NOT NULL DEFAULT '',
    title      text NOT NULL,
    manifest   json NOT NULL,
    digest     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX revisions_by_project ON revisions (project_id, id);
-- A job leaves one result: the database holds what the fence promises.
CREATE UNIQUE INDEX revisions_one_per_job ON revisions (job_id) WHERE job_id <> '';

CREATE TABLE artifacts (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    project_id  text COLLATE "C" NOT NULL REFERENCES projects (id),
    revision_id text COLLATE "C" NOT NULL,
    job_id      text COLLATE "C" NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('build', 'export')),
    engine      text NOT NULL,
    mode        text NOT NULL,
    format      text NOT NULL,
    title       text NOT NULL,
    manifest    json NOT NULL,
    digest      text NOT NULL,
    bytes       bigint NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX artifacts_by_account ON artifacts (account_id, id);
CREATE INDEX artifacts_by_project ON artifacts (project_id, id);
CREATE UNIQUE INDEX artifacts_one_per_job ON artifacts (job_id);

CREATE TABLE pipelines (
    id         text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
    project_id text COLLATE "C" NOT NULL REFERENCES projects (id),
    created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);

CREATE TABLE jobs (
    id                    text COLLATE "C" PRIMARY KEY,
    account_id            text COLLATE "C" NOT NULL REFERENCES accounts (id),
    project_id            text COLLATE "C" NOT NULL DEFAULT '',
    pipeline_id           text COLLATE "C" NOT NULL DEFAULT '',
    kind                  text NOT NULL,
    priority              text NOT NULL,
    state                 text NOT NULL CHECK (state IN ('blocked', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
    input                 json,
    output                json,
    attempt               integer NOT NULL DEFAULT 0,
    failures              integer NOT NULL DEFAULT 0,
    max_failures          integer NOT NULL,
    worker_deaths         integer NOT NULL DEFAULT 0,
    progress              double precision NOT NULL DEFAULT 0,
    stage                 text NOT NULL DEFAULT '',
    error_code            text NOT NULL DEFAULT '',
    error_message         text NOT NULL DEFAULT '',
    log_tail              text NOT NULL DEFAULT '',
    on_dependency_failure text NOT NULL,
    run_at                timestamptz NOT NULL DEFAULT statement_timestamp(),
    dispatch_no           bigint NOT NULL DEFAULT 0,
    dispatched_at         timestamptz,
    lease_owner           text NOT NULL DEFAULT '',
    lease_expires_at      timestamptz,
    cancel_requested_at   timestamptz,
    cancel_reason         text NOT NULL DEFAULT '',
    event_seq             bigint NOT NULL DEFAULT 0,
    tokens_in             bigint,
    tokens_out            bigint,
    output_bytes          bigint NOT NULL DEFAULT 0,
    created_at            timestamptz NOT NULL DEFAULT statement_timestamp(),
    started_at            timestamptz,
    finished_at           timestamptz
);
CREATE INDEX jobs_by_account ON jobs (account_id, id);
CREATE INDEX jobs_by_project ON jobs (project_id, id) WHERE project_id <> '';
CREATE INDEX jobs_by_pipeline ON jobs (pipeline_id, id) WHERE pipeline_id <> '';
-- The dispatch outbox: what is due and not handed to Redis.
CREATE INDEX jobs_backlog ON jobs (kind, priority, account_id, run_at, id) WHERE state = 'queued' AND dispatched_at IS NULL;
CREATE INDEX jobs_released ON jobs (kind, priority, account_id) WHERE state = 'queued' AND dispatched_at IS NOT NULL;
CREATE INDEX jobs_running ON jobs (kind, account_id) WHERE state = 'running';
CREATE INDEX jobs_leases ON jobs (lease_expires_at) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at, id) WHERE finished_at IS NOT NULL;

CREATE TABLE job_dependencies (
    job_id     text COLLATE "C" NOT NULL REFERENCES jobs (id),
    depends_on text COLLATE "C" NOT NULL REFERENCES jobs (id),
    PRIMARY KEY (job_id, depends_on)
);
CREATE INDEX job_dependents ON job_dependencies (depends_on);

CREATE TABLE job_events (
    job_id     text COLLATE "C" NOT NULL REFERENCES jobs (id),
    seq        bigint NOT NULL,
    type       text NOT NULL,
    attempt    integer NOT NULL,
    data       json,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (job_id, seq)
);

CREATE TABLE usage (
    account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
    kind       text NOT NULL,
    period     text NOT NULL CHECK (period IN ('hour', 'day')),
    start      timestamptz NOT NULL,
    jobs       bigint NOT NULL,
    failures   bigint NOT NULL,
    p50_millis bigint NOT NULL,
    p95_millis bigint NOT NULL,
    tokens_in  bigint NOT NULL,
    tokens_out bigint NOT NULL,
    bytes      bigint NOT NULL,
    PRIMARY KEY (account_id, period, kind, start)
);

CREATE TABLE rollups (
    scope      text PRIMARY KEY,
    rolled_to  timestamptz NOT NULL
);

CREATE TABLE schedules (
    id          text COLLATE "C" PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    name        text NOT NULL UNIQUE,
    cron        text NOT NULL,
    kind        text NOT NULL,
    priority    text NOT NULL,
    input       json,
    catch_up    text NOT NULL CHECK (catch_up IN ('none', 'once', 'all')),
    enabled     boolean NOT NULL DEFAULT true,
    next_run_at timestamptz NOT NULL,
    last_run_at timestamptz,
    last_job_id text NOT NULL DEFAULT ''
);

-- +goose Down
DROP TABLE schedules;
DROP TABLE rollups;
DROP TABLE usage;
DROP TABLE job_events;
DROP TABLE job_dependencies;
DROP TABLE jobs;
DROP TABLE pipelines;
DROP TABLE artifacts;
DROP TABLE revisions;
DROP TABLE projects;
DROP TABLE api_keys;
DROP TABLE accounts;
