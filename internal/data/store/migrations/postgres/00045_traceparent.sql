-- +goose Up
-- The trace that the request of a job belongs to (W3C Trace Context), "" for none.
ALTER TABLE jobs ADD COLUMN traceparent text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE jobs DROP COLUMN traceparent;
