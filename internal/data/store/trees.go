package store

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/internal/data/store/tree"
	"github.com/spark-games/spark/models"
)

// treesAtOnce limits how many trees one query names.
const treesAtOnce = 500

// treeFresh is how long a tree counts as just stored. Within that time, storing it again costs nothing; later, its age is renewed, so
// that Retention.Trees sees that it is in use.
const treeFresh = time.Hour

// saveTrees stores the trees of a manifest that are not stored yet, and returns the topmost one's digest.
func (tx *tx) saveTrees(m models.Manifest) (root string, err error) {
	root, trees, err := tree.Of(m)
	if err != nil {
		return "", models.WrapError(models.CodeInvalidFiles, "these files cannot be a revision", err)
	}
	digests := make([]string, 0, len(trees))
	for digest := range trees {
		digests = append(digests, digest)
	}
	slices.Sort(digests) // so that two transactions that store the same trees do so in the same order
	for some := range slices.Chunk(digests, treesAtOnce) {
		var there []string
		err := tx.Raw("SELECT digest FROM trees WHERE digest IN ? AND used_at > "+tx.dialect.nowPlus(micros(-treeFresh)), some).Scan(&there).Error
		if err != nil {
			return "", err
		}
		known := make(map[string]bool, len(there))
		for _, digest := range there {
			known[digest] = true
		}
		sql := newInsert("trees (digest, content)", len(some)-len(there), 2)
		for _, digest := range some {
			if !known[digest] {
				sql.row(digest, trees[digest])
			}
		}
		if sql.rows == 0 {
			continue
		}
		if err := tx.Exec(sql.text("ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at"), sql.args...).Error; err != nil {
			return "", err
		}
	}
	return root, nil
}

// fillManifest reads a revision's files.
func fillManifest(q *gorm.DB, rev *models.Revision) (err error) {
	rev.Manifest, err = tree.Read(rev.Tree, func(digests []string) (tree.Trees, error) {
		found := make(tree.Trees, len(digests))
		for some := range slices.Chunk(digests, treesAtOnce) {
			var rows []struct {
				Digest  string
				Content []byte
			}
			if err := q.Raw("SELECT digest, content FROM trees WHERE digest IN ?", some).Scan(&rows).Error; err != nil {
				return nil, err
			}
			for _, r := range rows {
				found[r.Digest] = r.Content
			}
		}
		return found, nil
	})
	return err
}
