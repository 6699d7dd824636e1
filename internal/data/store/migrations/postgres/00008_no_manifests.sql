-- +goose Up
-- What 00007 has made trees of, and parents has taken the place of.
ALTER TABLE revisions DROP COLUMN manifest;
ALTER TABLE revisions DROP COLUMN parent_id;

-- +goose Down
ALTER TABLE revisions ADD COLUMN parent_id text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN manifest json NOT NULL DEFAULT '[]';
UPDATE revisions SET parent_id = coalesce(parents ->> 0, '');
