-- +goose Up
-- What filters look for in the metadata of jobs, under their account, so that one account's are not among those of another; null for what jsonb does not take,
-- such as NUL. See docs/decisions/0048-filters-and-export.md.
-- +goose StatementBegin
CREATE FUNCTION findable_metadata(account_id text, metadata json) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN jsonb_build_object(account_id, metadata::jsonb);
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE INDEX jobs_by_metadata ON jobs USING gin (findable_metadata(account_id, metadata) jsonb_path_ops) WHERE metadata IS NOT NULL;
CREATE INDEX jobs_by_concurrency_key ON jobs (account_id, concurrency_key, id) WHERE concurrency_key <> '';
INSERT INTO compatible_migrations (version, works_with) VALUES (91, 87);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 91;
DROP INDEX jobs_by_concurrency_key;
DROP INDEX jobs_by_metadata;
DROP FUNCTION findable_metadata(text, json);
