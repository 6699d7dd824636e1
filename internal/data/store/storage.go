package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// Storage is how much accounts have stored: the sizes of the files that their revisions, builds, exports and assets consist of, each file once for an
// account.
type Storage struct{ *db }

// filesAtOnce limits how many files one statement names.
const filesAtOnce = 200

// keeping is a revision, an artifact or an asset, of which files are an account's.
type keeping struct {
	ID        string
	AccountID string
	Tree      string          // of a revision
	Manifest  models.Manifest // of an artifact

	SHA256          string `gorm:"column:sha256"` // of an asset, as are the others
	Size            int64
	ThumbnailSHA256 string `gorm:"column:thumbnail_sha256"`
	ThumbnailSize   int64
}

// holdersAfter lists up to most revisions, artifacts or assets after an id, by their ids: those of an account, or of all for "".
func holdersAfter(q *gorm.DB, table, columns, accountID, after string, most int) (all []keeping, err error) {
	query, args := "SELECT id, account_id, "+columns+" FROM "+table+" WHERE id > ?", []any{after}
	if accountID != "" {
		query, args = query+" AND account_id = ?", append(args, accountID)
	}
	return all, q.Raw(query+" ORDER BY id LIMIT ?", append(args, most)...).Scan(&all).Error
}

// holderStep bounds how many of them are read at a time.
const holderStep = 200

// eachHolder calls f with the files of each revision, artifact and asset that was made after about a time, of an account or of all for "". Those that skip
// knows are left out.
func (s *Storage) eachHolder(ctx context.Context, accountID string, since time.Time, skip func(id string) bool,
	f func(accountID string, files models.Manifest) error,
) error {
	for _, of := range []struct{ table, columns string }{{"revisions", "tree"}, {"artifacts", "manifest"},
		{"assets", "sha256, size, thumbnail_sha256, thumbnail_size"}} {
		trees := make(map[string]bool)
		for after, more := models.FirstID(since), true; more; {
			rows, err := holdersAfter(s.read(ctx), of.table, of.columns, accountID, after, holderStep)
			if err != nil {
				return s.wrap(err)
			}
			for _, h := range rows {
				after = h.ID
				key := h.AccountID + " " + h.Tree
				if skip(h.ID) || of.table == "revisions" && (h.Tree == "" || trees[key]) {
					continue
				}
				if of.table == "revisions" {
					rev := models.Revision{Tree: h.Tree}
					if err := fillManifest(s.read(ctx), &rev); err != nil {
						if ctx.Err() != nil {
							return s.wrap(err)
						}
						continue // it was removed meanwhile
					}
					h.Manifest, trees[key] = rev.Manifest, true
				}
				if of.table == "assets" {
					h.Manifest = (&models.Asset{SHA256: h.SHA256, Size: h.Size, ThumbnailSHA256: h.ThumbnailSHA256, ThumbnailSize: h.ThumbnailSize}).Files()
				}
				if err := f(h.AccountID, h.Manifest); err != nil {
					return err
				}
			}
			more = len(rows) == holderStep
		}
	}
	return nil
}

// note notes files as an account's, and adds up the sizes of those that were not.
func (s *Storage) note(ctx context.Context, accountID string, files models.Manifest) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	sizes := make(map[string]int64, len(files))
	for _, e := range files {
		sizes[e.SHA256] = e.Size
	}
	return s.write(ctx, func(tx *tx) error { return tx.note(accountID, sizes) })
}

// note notes files, which are given by their digests and sizes.
func (tx *tx) note(accountID string, sizes map[string]int64) error {
	digests := slices.Sorted(maps.Keys(sizes)) // so that two that note the same do so in the same order
	var added int64
	for some := range slices.Chunk(digests, filesAtOnce) {
		sql := newInsert("account_files (account_id, sha256, size, noted_at)", len(some), 4)
		now := gorm.Expr(tx.dialect.now())
		for _, d := range some {
			sql.row(accountID, d, sizes[d], now)
		}
		var fresh []int64
		if err := tx.Raw(sql.text("ON CONFLICT DO NOTHING RETURNING size"), sql.args...).Scan(&fresh).Error; err != nil {
			return err
		}
		for _, n := range fresh {
			added += n
		}
	}
	if added == 0 {
		return nil
	}
	return tx.Exec(`INSERT INTO account_storage (account_id, bytes) VALUES (?, ?)
		ON CONFLICT (account_id) DO UPDATE SET bytes = account_storage.bytes + excluded.bytes`, accountID, added).Error
}

// NoteSince notes the files of what all accounts have made since about a time. What skip knows is left out; it is asked about each once.
func (s *Storage) NoteSince(ctx context.Context, since time.Time, skip func(id string) bool) error {
	return s.eachHolder(ctx, "", since, skip, func(account string, files models.Manifest) error { return s.note(ctx, account, files) })
}

// Recount counts all that an account has stored anew. What is stored meanwhile is noted as ever.
func (s *Storage) Recount(ctx context.Context, accountID string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	begun, err := s.clock(ctx)
	if err != nil {
		return err
	}
	all := func(string) bool { return false }
	held := make(map[string]bool)
	err = s.eachHolder(ctx, accountID, time.Time{}, all, func(_ string, files models.Manifest) error {
		for _, e := range files {
			held[e.SHA256] = true
		}
		return s.note(ctx, accountID, files)
	})
	if err != nil {
		return err
	}
	var noted []string
	if err := s.read(ctx).Raw("SELECT sha256 FROM account_files WHERE account_id = ?", accountID).Scan(&noted).Error; err != nil {
		return s.wrap(err)
	}
	gone := slices.DeleteFunc(noted, func(d string) bool { return held[d] })
	slices.Sort(gone)
	for some := range slices.Chunk(gone, filesAtOnce) {
		err := s.write(ctx, func(tx *tx) error {
			var sizes []int64
			err := tx.Raw("DELETE FROM account_files WHERE account_id = ? AND sha256 IN ? AND noted_at < ? RETURNING size", accountID, some,
				tx.dialect.timestamp(begun)).Scan(&sizes).Error
			if err != nil {
				return err
			}
			var less int64
			for _, n := range sizes {
				less += n
			}
			return tx.Exec("UPDATE account_storage SET bytes = bytes - ? WHERE account_id = ?", less, accountID).Error
		})
		if err != nil {
			return err
		}
	}
	// What refers again, since then, to a file that was not the account's any more.
	err = s.eachHolder(ctx, accountID, begun.Add(-time.Minute), all, func(_ string, files models.Manifest) error { return s.note(ctx, accountID, files) })
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		// First the lock, so that the sum sees what those have noted who had it.
		var had []int64
		if err := tx.Raw("SELECT bytes FROM account_storage WHERE account_id = ?"+tx.dialect.lock(waitLocked), accountID).Scan(&had).Error; err != nil {
			return err
		}
		return tx.Exec(`UPDATE account_storage SET bytes = (SELECT coalesce(sum(size), 0) FROM account_files f WHERE f.account_id = account_storage.account_id)
			WHERE account_id = ?`, accountID).Error
	})
}

// Holders lists the accounts that have stored anything.
func (s *Storage) Holders(ctx context.Context) (accounts []string, err error) {
	err = s.read(ctx).Raw(`SELECT id FROM accounts WHERE EXISTS (SELECT 1 FROM projects WHERE projects.account_id = accounts.id)
		OR EXISTS (SELECT 1 FROM assets WHERE assets.account_id = accounts.id) ORDER BY id`).
		Scan(&accounts).Error
	return accounts, s.wrap(err)
}
