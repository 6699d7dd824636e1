-- +goose Up
-- What a build was made of and where, as one digest, and the artifact whose content was used again.
ALTER TABLE artifacts ADD COLUMN cache_key text NOT NULL DEFAULT '';
ALTER TABLE artifacts ADD COLUMN cached_from text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX artifacts_by_cache_key ON artifacts (account_id, cache_key, id) WHERE cache_key <> '' AND cached_from = '';

-- +goose Down
DROP INDEX artifacts_by_cache_key;
ALTER TABLE artifacts DROP COLUMN cached_from;
ALTER TABLE artifacts DROP COLUMN cache_key;
