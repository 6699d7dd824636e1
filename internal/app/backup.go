package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spark-games/spark/internal/data/backup"
	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/platform/config"
)

// BackupReport is what a backup has.
type BackupReport = backup.Report

// Backup writes everything that the configured platform has stored, the database and the files that it refers to, into a file that
// is new or in a folder. The platform may be running.
func Backup(ctx context.Context, dataDir, path string) (r BackupReport, err error) {
	cfg, err := local(ctx, dataDir)
	if err != nil {
		return r, err
	}
	if cfg.DatabaseURL.Reveal() == "" {
		if _, err := os.Stat(cfg.DatabaseFile()); err != nil { // opening it would make it
			return r, fmt.Errorf("no database: %w", err)
		}
	}
	if _, err := os.Stat(cfg.Blobs()); err != nil {
		return r, fmt.Errorf("no files (SPARK_BLOB_DIR): %w", err)
	}
	blobs, err := blob.Open(cfg.Blobs(), nil) // what is damaged is in the report
	if err != nil {
		return r, err
	}
	return backup.Write(ctx, cfg.Database(), blobs, path)
}

// Restore fills the configured database, which is new, and the folder of files from a backup.
func Restore(ctx context.Context, dataDir, path string) (r BackupReport, err error) {
	cfg, err := local(ctx, dataDir)
	if err != nil {
		return r, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) { // before anything is made
		return r, err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return r, err
	}
	unlock, err := lockDatabase(cfg)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	blobs, err := blob.Open(cfg.Blobs(), nil)
	if err != nil {
		return r, err
	}
	return backup.Restore(ctx, cfg.Database(), blobs, path)
}

// lockDatabase keeps a platform from starting on the database in the data folder.
func lockDatabase(cfg *config.Config) (unlock func() error, err error) {
	if cfg.DatabaseURL.Reveal() != "" {
		return func() error { return nil }, nil
	}
	return lockFolder(cfg.DataDir)
}
