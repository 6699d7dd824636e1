-- +goose Up
-- Whether the attempt that made a job a suspect had its worker to itself: its death may have to be taken back later.
ALTER TABLE jobs ADD COLUMN suspect_alone boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE jobs DROP COLUMN suspect_alone;
