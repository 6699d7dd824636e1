-- +goose Up
-- Assets that are uploaded in parts. What has arrived is in files of the blob folder, of which each part names one.
CREATE TABLE asset_uploads (
    id            text PRIMARY KEY,
    account_id    text NOT NULL REFERENCES accounts (id),
    name          text NOT NULL,
    media_type    text NOT NULL DEFAULT '',
    sha256        text NOT NULL DEFAULT '',
    metadata      text NOT NULL DEFAULT '',
    length        bigint,
    received      bigint NOT NULL DEFAULT 0,
    parts         integer NOT NULL DEFAULT 0,
    state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished', 'refused')),
    asset_id      text NOT NULL DEFAULT '',
    error_code    text NOT NULL DEFAULT '',
    error_message text NOT NULL DEFAULT '',
    created_at    datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')),
    expires_at    datetime NOT NULL
);
CREATE INDEX asset_uploads_by_account ON asset_uploads (account_id, id);
CREATE INDEX asset_uploads_by_expiry ON asset_uploads (expires_at);
CREATE TABLE asset_upload_parts (
    upload_id  text NOT NULL REFERENCES asset_uploads (id),
    begins     bigint NOT NULL,
    account_id text NOT NULL,
    size       bigint NOT NULL,
    file       text NOT NULL,
    PRIMARY KEY (upload_id, begins)
);
CREATE INDEX asset_upload_parts_by_account ON asset_upload_parts (account_id);
INSERT INTO compatible_migrations (version, works_with) VALUES (90, 87);

-- +goose Down
DELETE FROM compatible_migrations WHERE version = 90;
DROP TABLE asset_upload_parts;
DROP TABLE asset_uploads;
