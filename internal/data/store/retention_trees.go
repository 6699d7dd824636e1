package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/internal/data/store/tree"
)

// Trees removes trees that nothing refers to, and that no revision was stored with within grace, and returns how many. It is safe
// beside those who store revisions: saveTrees renews the age of the trees that it finds, and an old tree that is renewed after it
// was listed stays.
func (s *Retention) Trees(ctx context.Context, grace time.Duration) (removed int, err error) {
	now, err := s.clock(ctx)
	if err != nil {
		return 0, err
	}
	before := s.dialect.timestamp(now.Add(-grace))
	for {
		n, err := s.removeTrees(ctx, before)
		removed += n
		if err != nil || n == 0 {
			return removed, err
		}
		// What only the removed ones referred to can be removed next.
	}
}

// removeTrees removes the unreferenced trees that no other unreferenced one refers to.
func (s *Retention) removeTrees(ctx context.Context, before any) (removed int, err error) {
	unused := make(map[string]bool)
	err = s.readLong(ctx, func(q *gorm.DB) error {
		err := eachRow(q.Raw("SELECT digest FROM trees WHERE used_at < ?", before), func(digest []byte) error { unused[string(digest)] = true; return nil })
		if err != nil || len(unused) == 0 {
			return err
		}
		err = eachRow(q.Raw("SELECT content FROM trees"), func(content []byte) error {
			return tree.Folders(content, func(digest string) error { delete(unused, digest); return nil })
		})
		if err != nil {
			return err
		}
		return eachRow(q.Raw("SELECT tree FROM revisions"), func(digest []byte) error { delete(unused, string(digest)); return nil })
	})
	if err != nil {
		return 0, s.wrap(err)
	}
	err = inChunks(slices.Sorted(maps.Keys(unused)), func(digests []string) error {
		return s.write(ctx, func(tx *tx) error {
			gone := tx.Exec("DELETE FROM trees WHERE digest IN (SELECT digest FROM trees WHERE digest IN ? AND used_at < ? ORDER BY digest"+
				tx.dialect.lock(passLocked)+")", digests, before)
			if gone.Error == nil {
				removed += int(gone.RowsAffected)
			}
			return gone.Error
		})
	})
	return removed, err
}
