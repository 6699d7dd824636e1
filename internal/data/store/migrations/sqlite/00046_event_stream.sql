-- +goose Up
-- Events in the order in which they were committed, so that the stream of a project or an account can be resumed exactly. Whoever
-- writes events notes them in the outbox, in the same statement; one sequencer at a time takes them from there and gives each its
-- position. See docs/decisions/0025-stream-positions.md. Events of before this migration have none.
CREATE TABLE event_outbox (
    id     integer PRIMARY KEY,
    events json NOT NULL -- [[job_id, seq], …]
);

CREATE TABLE event_stream (
    position    integer PRIMARY KEY,
    account_id  text NOT NULL,
    project_id  text NOT NULL,
    pipeline_id text NOT NULL,
    job_id      text NOT NULL,
    seq         integer NOT NULL,
    at          datetime NOT NULL
);
CREATE INDEX event_stream_by_account ON event_stream (account_id, position);
CREATE INDEX event_stream_by_project ON event_stream (project_id, position) WHERE project_id <> '';

-- Its only row is the sequencer's lock.
CREATE TABLE event_bounds (
    id        integer PRIMARY KEY CHECK (id = 1),
    forgotten integer NOT NULL -- positions up to here are not kept any longer
);
INSERT INTO event_bounds (id, forgotten) VALUES (1, 0);

-- +goose Down
DROP TABLE event_bounds;
DROP TABLE event_stream;
DROP TABLE event_outbox;
