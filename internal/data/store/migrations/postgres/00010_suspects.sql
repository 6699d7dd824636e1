-- +goose Up
ALTER TABLE jobs ADD COLUMN deaths_alone integer NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN suspect_of text NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN alone boolean NOT NULL DEFAULT false;
ALTER TABLE jobs ADD COLUMN draining boolean NOT NULL DEFAULT false;
CREATE INDEX jobs_suspects ON jobs (worker_deaths, run_at, id) WHERE state = 'queued' AND suspect_of <> '';
-- Of those that were lost with one worker, one runs at a time: the database holds what the claim asks for.
CREATE UNIQUE INDEX jobs_one_suspect ON jobs (suspect_of) WHERE state = 'running' AND suspect_of <> '';

-- +goose Down
DROP INDEX jobs_one_suspect;
DROP INDEX jobs_suspects;
ALTER TABLE jobs DROP COLUMN draining;
ALTER TABLE jobs DROP COLUMN alone;
ALTER TABLE jobs DROP COLUMN suspect_of;
ALTER TABLE jobs DROP COLUMN deaths_alone;
