-- +goose Up
-- The files of revisions, a tree for each folder, by the SHA-256 of its content. See internal/data/store/tree.
CREATE TABLE trees (
    digest  text NOT NULL PRIMARY KEY,
    content blob NOT NULL
);

-- tree is the topmost folder's; '' only while 00007 has not filled it in. files and bytes count what is in it.
ALTER TABLE revisions ADD COLUMN tree text NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN files integer NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN bytes integer NOT NULL DEFAULT 0;
-- Who wrote it: a key, a user or a job; '' when that was not kept yet.
ALTER TABLE revisions ADD COLUMN author_kind text NOT NULL DEFAULT '' CHECK (author_kind IN ('', 'key', 'user', 'job'));
ALTER TABLE revisions ADD COLUMN author_id text NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN message text NOT NULL DEFAULT '';
-- The revisions that it was made from, a JSON array of ids.
ALTER TABLE revisions ADD COLUMN parents text NOT NULL DEFAULT '[]';
UPDATE revisions SET parents = json_array(parent_id) WHERE parent_id <> '';
UPDATE revisions SET author_kind = 'job', author_id = job_id WHERE job_id <> '';

-- +goose Down
ALTER TABLE revisions DROP COLUMN parents;
ALTER TABLE revisions DROP COLUMN message;
ALTER TABLE revisions DROP COLUMN author_id;
ALTER TABLE revisions DROP COLUMN author_kind;
ALTER TABLE revisions DROP COLUMN bytes;
ALTER TABLE revisions DROP COLUMN files;
ALTER TABLE revisions DROP COLUMN tree;
DROP TABLE trees;
