package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"

	"github.com/spark-games/spark/internal/data/store/tree"
	"github.com/spark-games/spark/models"
)

// treesFromManifests is migration 00007: it turns the manifests that revisions had into trees, which SQL cannot do. Its down
// migration restores the manifests.
func (d *db) treesFromManifests() *goose.Migration {
	m := treeMigration{dialect: d.dialect}
	return goose.NewGoMigration(7, &goose.GoFunc{RunTx: m.up}, &goose.GoFunc{RunTx: m.down})
}

type treeMigration struct{ dialect dialect }

func (m treeMigration) up(ctx context.Context, tx *sql.Tx) error {
	return m.each(ctx, tx, "manifest", func(id string, manifest models.Manifest) error {
		root, trees, err := tree.Of(manifest)
		if err != nil {
			return fmt.Errorf("revision %s: %w", id, err)
		}
		for digest, content := range trees {
			_, err := tx.ExecContext(ctx, m.dialect.bind("INSERT INTO trees (digest, content) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"), digest, content)
			if err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, m.dialect.bind("UPDATE revisions SET tree = ?, files = ?, bytes = ? WHERE id = ?"),
			root, len(manifest), manifest.Bytes(), id)
		return err
	})
}

func (m treeMigration) down(ctx context.Context, tx *sql.Tx) error {
	return m.each(ctx, tx, "tree", func(id string, manifest models.Manifest) error {
		_, err := tx.ExecContext(ctx, m.dialect.bind("UPDATE revisions SET manifest = ? WHERE id = ?"), manifest, id)
		return err
	})
}

// each calls f with every revision's manifest, read from a column: one at a time, because there may be many.
func (m treeMigration) each(ctx context.Context, tx *sql.Tx, column string, f func(id string, manifest models.Manifest) error) error {
	for last := ""; ; {
		var id, text string
		row := tx.QueryRowContext(ctx, m.dialect.bind("SELECT id, "+column+" FROM revisions WHERE id > ? ORDER BY id LIMIT 1"), last)
		switch err := row.Scan(&id, &text); {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		manifest, err := m.manifest(ctx, tx, column, text)
		if err != nil {
			return fmt.Errorf("revision %s: %w", id, err)
		}
		if err := f(id, manifest); err != nil {
			return err
		}
		last = id
	}
}

func (m treeMigration) manifest(ctx context.Context, tx *sql.Tx, column, text string) (manifest models.Manifest, err error) {
	if column == "manifest" {
		return manifest, manifest.Scan(text)
	}
	return tree.Read(text, func(digests []string) (tree.Trees, error) {
		found := make(tree.Trees, len(digests))
		for _, digest := range digests {
			var content []byte
			if err := tx.QueryRowContext(ctx, m.dialect.bind("SELECT content FROM trees WHERE digest = ?"), digest).Scan(&content); err != nil {
				return nil, err
			}
			found[digest] = content
		}
		return found, nil
	})
}
