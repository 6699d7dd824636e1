package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

const (
	// auditStep bounds how many entries of an account one step removes, and auditAccounts of how many accounts.
	auditStep     = 500
	auditAccounts = 20
)

// Audit removes entries of the audit that are older than keep, from the beginnings of the accounts' chains, and leaves what sign makes of the last one that was
// removed of each. What is not a whole chain stays, so that nobody's change of it goes away with it; that is an error, after the others are done.
func (s *Retention) Audit(ctx context.Context, keep time.Duration, sign func(context.Context, models.Checkpoint) ([]byte, error)) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	var due []string
	err := s.read(ctx).Raw(fmt.Sprintf(`SELECT c.account_id FROM audit_chains c
		JOIN audit_entries e ON e.account_id = c.account_id AND e.sequence = c.pruned_sequence + 1
		WHERE e.at < %s ORDER BY e.at LIMIT ?`, s.dialect.nowPlus(micros(-keep))), auditAccounts).Scan(&due).Error
	if err != nil {
		return done, s.wrap(err)
	}
	var errs []error
	for _, account := range due {
		n, err := s.pruneChain(ctx, account, keep, sign)
		if err != nil {
			errs = append(errs, err)
		}
		done.Removed["audit_entries"] += n
		done.More = done.More || n == auditStep
	}
	done.More = done.More || len(due) == auditAccounts
	if err := errors.Join(errs...); err != nil {
		return done, err
	}
	var oldest []struct{ At time.Time }
	err = s.read(ctx).Raw("SELECT at FROM audit_entries ORDER BY id LIMIT 1").Scan(&oldest).Error
	if len(oldest) > 0 {
		done.Oldest = oldest[0].At.UTC()
	}
	return done, s.wrap(err)
}

// pruneChain removes what is old of the beginning of an account's chain, and returns how many entries.
func (s *Retention) pruneChain(ctx context.Context, account string, keep time.Duration, sign func(context.Context, models.Checkpoint) ([]byte, error)) (
	n int, err error) {
	var broken error
	err = s.write(ctx, func(tx *tx) error {
		n, broken = 0, nil
		var chains []models.ChainHead
		err := tx.Raw("SELECT account_id, pruned_sequence, pruned_hash FROM audit_chains WHERE account_id = ?"+tx.dialect.lock(waitLocked),
			account).Scan(&chains).Error
		if err != nil || len(chains) == 0 {
			return err
		}
		var all []struct {
			models.AuditEntry
			Old bool
		}
		err = tx.Raw(fmt.Sprintf("SELECT *, at < %s AS old FROM audit_entries WHERE account_id = ? AND sequence > ? ORDER BY sequence LIMIT ?",
			tx.dialect.nowPlus(micros(-keep))), account, chains[0].PrunedSequence, auditStep).Scan(&all).Error
		if err != nil {
			return err
		}
		v := models.ChainVerifier{AccountID: account, Sequence: chains[0].PrunedSequence, Hash: chains[0].PrunedHash}
		for i := 0; i < len(all) && all[i].Old; i++ {
			if broken = v.Next(&all[i].AuditEntry); broken != nil {
				break
			}
		}
		if v.Entries == 0 {
			return nil
		}
		signed, err := sign(ctx, models.Checkpoint{AccountID: account, Sequence: v.Sequence, Hash: v.Hash, At: time.Now().UTC().Truncate(time.Microsecond)})
		if err != nil {
			return fmt.Errorf("signing a checkpoint of the audit: %w", err)
		}
		res := tx.Exec("DELETE FROM audit_entries WHERE account_id = ? AND sequence <= ?", account, v.Sequence)
		if res.Error != nil {
			return res.Error
		}
		n = int(res.RowsAffected)
		return tx.Exec("UPDATE audit_chains SET pruned_sequence = ?, pruned_hash = ?, checkpoint = ? WHERE account_id = ?",
			v.Sequence, v.Hash, string(signed), account).Error
	})
	if err != nil {
		return 0, err
	}
	if broken != nil {
		return n, fmt.Errorf("the audit is broken: %w", broken)
	}
	return n, nil
}
