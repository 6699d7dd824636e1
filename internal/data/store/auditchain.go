package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spark-games/spark/models"
)

// Chain gives up to so many entries that are committed their numbers and hashes, the oldest first, unless another process is at it. It
// returns how many, and how long ago the oldest was written that it has found.
func (s *Audit) Chain(ctx context.Context, most int) (chained int, waited time.Duration, err error) {
	err = s.write(ctx, func(tx *tx) error {
		chained, waited = 0, 0
		var turns []int
		if err := tx.Raw("SELECT id FROM audit_turn WHERE id = 1" + tx.dialect.lock(passLocked)).Scan(&turns).Error; err != nil || len(turns) == 0 {
			return err
		}
		var fresh []models.AuditEntry
		err := tx.Raw("SELECT * FROM audit_entries WHERE sequence IS NULL ORDER BY at, id LIMIT ?", most).Scan(&fresh).Error
		if err != nil || len(fresh) == 0 {
			return err
		}
		var seconds float64
		if err := tx.Raw("SELECT "+tx.dialect.age("SELECT at FROM audit_entries WHERE id = ?"), fresh[0].ID).Scan(&seconds).Error; err != nil {
			return err
		}
		waited = time.Duration(seconds * float64(time.Second))
		heads, err := tx.heads(fresh)
		if err != nil {
			return err
		}
		places := newRecords("id text", "sequence bigint", "previous_hash text", "hash text")
		for i := range fresh {
			e := &fresh[i]
			h := heads[e.AccountID]
			h.Sequence++
			e.Sequence, e.PreviousHash = &h.Sequence, h.Hash
			h.Hash = e.HashEntry()
			places.add(e.ID, h.Sequence, e.PreviousHash, h.Hash)
		}
		with, args := places.with(tx.dialect)
		err = tx.Exec(with+` UPDATE audit_entries SET sequence = r.sequence, previous_hash = r.previous_hash, hash = r.hash
			FROM r WHERE audit_entries.id = r.id`, args...).Error
		if err != nil {
			return err
		}
		chained = len(fresh)
		return tx.storeHeads(heads)
	})
	return chained, waited, err
}

// heads are those of the accounts of entries.
func (tx *tx) heads(of []models.AuditEntry) (map[string]*models.ChainHead, error) {
	heads := make(map[string]*models.ChainHead)
	var accounts []string
	for _, e := range of {
		if heads[e.AccountID] == nil {
			heads[e.AccountID] = &models.ChainHead{AccountID: e.AccountID}
			accounts = append(accounts, e.AccountID)
		}
	}
	var stored []models.ChainHead
	err := tx.Raw("SELECT account_id, sequence, hash FROM audit_chains WHERE account_id IN ?", accounts).Scan(&stored).Error
	for i := range stored {
		heads[stored[i].AccountID] = &stored[i]
	}
	return heads, err
}

func (tx *tx) storeHeads(heads map[string]*models.ChainHead) error {
	recs := newRecords("account_id text", "sequence bigint", "hash text")
	for account, h := range heads {
		recs.add(account, h.Sequence, h.Hash)
	}
	with, args := recs.with(tx.dialect)
	return tx.Exec(with+` INSERT INTO audit_chains (account_id, sequence, hash) SELECT account_id, sequence, hash FROM r WHERE true
		ON CONFLICT (account_id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, at = `+tx.dialect.now(), args...).Error
}

// Refusals writes attempts that were refused, alike ones as one entry.
func (s *Audit) Refusals(ctx context.Context, all []models.Refusal) error {
	return s.write(ctx, func(tx *tx) error {
		for _, r := range all {
			if err := needAccount(r.AccountID); err != nil {
				return err
			}
			e := models.AuditEntry{AccountID: r.AccountID, At: r.Last, Action: r.Action, Outcome: models.OutcomeRefused, Code: r.Code,
				ResourceKind: r.ResourceKind, ResourceID: r.ResourceID, Count: r.Count}
			if r.Count > 1 {
				e.Since = &r.First
			}
			if err := tx.insertAudit(r.Actor, &e); err != nil {
				return err
			}
		}
		return nil
	})
}

// tablesOf are where the resources are that attempts are about.
var tablesOf = map[models.ResourceKind]string{models.ResourceProject: "projects", models.ResourceJob: "jobs", models.ResourcePipeline: "pipelines",
	models.ResourceArtifact: "artifacts", models.ResourceSchedule: "account_schedules",
	models.ResourceWebhook: "webhook_endpoints", models.ResourceDelivery: "webhook_deliveries"}

// Others are those of some attempts whose resource is there, and another account's than that of who asked for it.
func (s *Audit) Others(ctx context.Context, asked []models.Refusal) (others []models.Refusal, err error) {
	ids := make(map[models.ResourceKind][]string)
	for _, a := range asked {
		if err := needAccount(a.AccountID); err != nil {
			return nil, err
		}
		kind := models.ResourceKind(a.ResourceKind)
		ids[kind] = append(ids[kind], a.ResourceID)
	}
	owners := make(map[string]string)
	for kind, table := range tablesOf {
		for some := range slices.Chunk(ids[kind], maxBatch) {
			var found []struct{ ID, AccountID string }
			if err := s.read(ctx).Raw(fmt.Sprintf("SELECT id, account_id FROM %s WHERE id IN ?", table), some).Scan(&found).Error; err != nil {
				return nil, s.wrap(err)
			}
			for _, f := range found {
				owners[f.ID] = f.AccountID
			}
		}
	}
	for _, a := range asked {
		if owner := owners[a.ResourceID]; owner != "" && owner != a.AccountID {
			others = append(others, a)
		}
	}
	return others, nil
}
