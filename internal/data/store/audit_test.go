package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// act is the context of a request that does something, by its action.
func act(ctx context.Context, action string) context.Context {
	return models.WithAct(ctx, &models.Act{Action: action, Actor: models.Actor{Kind: models.ActorKey, AccountID: "a1", KeyID: "k1", UserID: "u1",
		EndUser: "player 7", Address: "192.0.2.7", RequestID: "r1"}})
}

// audited are the entries of an account, oldest first.
func audited(t *testing.T, s *Store, account string) []models.AuditEntry {
	t.Helper()
	newest, err := s.Audit.Entries(t.Context(), account, models.AuditFilter{}, models.Page{Limit: 1000})
	require.NoError(t, err)
	var entries []models.AuditEntry
	for _, e := range slices.Backward(newest) {
		entries = append(entries, e)
	}
	return entries
}

// chainAll chains everything that there is.
func chainAll(t *testing.T, s *Store) {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		n, _, err = s.Audit.Chain(t.Context(), 7)
		require.NoError(t, err)
	}
}

// verify checks an account's chain as it is stored.
func verify(t *testing.T, s *Store, account string) error {
	t.Helper()
	head, err := s.Audit.Head(t.Context(), account)
	require.NoError(t, err)
	v := models.ChainVerifier{AccountID: account, Sequence: head.PrunedSequence, Hash: head.PrunedHash}
	after := head.PrunedSequence
	for {
		entries, err := s.Audit.ChainedAfter(t.Context(), account, after, 3)
		require.NoError(t, err)
		for i := range entries {
			if err := v.Next(&entries[i]); err != nil {
				return err
			}
			after = *entries[i].Sequence
		}
		if len(entries) < 3 {
			return v.End(head.Sequence, head.Hash)
		}
	}
}

// An entry is there if the change is, and only then. A request has one, whatever follows from it.
func TestEntryIsPartOfTheChange(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		require.Equal(t, models.ActorSystem, audited(t, s, p.AccountID)[0].ActorKind)
		before := len(audited(t, s, p.AccountID))

		refused := errors.New("no")
		ctx := act(t.Context(), "project.change")
		_, err := s.Projects.ChangeProject(ctx, p.AccountID, p.ID, func(*models.Project) error { return refused })
		require.ErrorIs(t, err, refused)
		require.Len(t, audited(t, s, p.AccountID), before)
		require.False(t, models.ActFrom(ctx).Stored())

		_, err = s.Projects.ChangeProject(ctx, p.AccountID, p.ID, func(*models.Project) error { return nil })
		require.NoError(t, err)
		require.NoError(t, s.Projects.DeleteProject(ctx, p.AccountID, p.ID)) // as an effect of the same request
		entries := audited(t, s, p.AccountID)
		require.Len(t, entries, before+1)
		e := entries[before]
		require.WithinDuration(t, time.Now(), e.At, time.Minute)
		require.Equal(t, models.AuditEntry{ID: e.ID, AccountID: p.AccountID, At: e.At, Action: "project.change", Outcome: models.OutcomeDone,
			ResourceKind: "project", ResourceID: p.ID, ActorKind: models.ActorKey, ActorAccountID: "a1", KeyID: "k1", UserID: "u1", RequestID: "r1",
			EndUser: "player 7", Salt: e.Salt, PersonalHash: e.HashPersonal(), Count: 1}, e, "the address of another account's key is not told")

		j := newJob(p, models.KindBuild, models.StateQueued)
		require.Equal(t, models.ActionSubmit, models.ActFrom(act(t.Context(), models.ActionSubmit)).Action)
		require.NoError(t, s.Projects.RestoreProject(act(t.Context(), models.ActionSubmit), p.AccountID, p.ID))
		require.Len(t, audited(t, s, p.AccountID), before+1, "submissions have no entry")
		j.Submitter = models.SubmitterFrom(act(t.Context(), ""))
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}}))
		stored, err := s.Jobs.Job(t.Context(), p.AccountID, j.ID)
		require.NoError(t, err)
		require.JSONEq(t, `{"kind":"key","key_id":"k1","user_id":"u1","end_user":"player 7","address":"192.0.2.7","request_id":"r1"}`, string(stored.Submitter))
	})
}

// Entries of several accounts are chained, by any number of sequencers at once, and everything that is done to them afterwards is noticed.
func TestChainShowsTampering(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		for range 10 {
			for _, of := range []*models.Project{p, other} {
				_, err := s.Projects.ChangeProject(act(t.Context(), "project.change"), of.AccountID, of.ID, func(*models.Project) error { return nil })
				require.NoError(t, err)
			}
		}
		done := make(chan error)
		for range 3 {
			go func() {
				for range 20 {
					if _, _, err := s.Audit.Chain(context.WithoutCancel(t.Context()), 3); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range 3 {
			require.NoError(t, <-done)
		}
		chainAll(t, s)
		require.NoError(t, verify(t, s, p.AccountID))
		require.NoError(t, verify(t, s, other.AccountID))
		entries := audited(t, s, p.AccountID)
		require.GreaterOrEqual(t, len(entries), 11)
		for i, e := range entries {
			require.Equal(t, int64(i+1), *e.Sequence, "in the order in which they were written")
		}
		head, err := s.Audit.Head(t.Context(), p.AccountID)
		require.NoError(t, err)
		require.Equal(t, entries[len(entries)-1].Hash, head.Hash)

		for name, tt := range map[string]struct {
			first int64 // that is broken
			sql   string
		}{
			"action":         {5, "UPDATE audit_entries SET action = 'project.read' WHERE account_id = ? AND sequence = 5"},
			"time":           {5, "UPDATE audit_entries SET at = '2020-01-01 00:00:00.000+00:00' WHERE account_id = ? AND sequence = 5"},
			"actor":          {5, "UPDATE audit_entries SET key_id = 'k2' WHERE account_id = ? AND sequence = 5"},
			"address":        {5, "UPDATE audit_entries SET address = '192.0.2.8' WHERE account_id = ? AND sequence = 5"},
			"details":        {5, "UPDATE audit_entries SET details = '{}' WHERE account_id = ? AND sequence = 5"},
			"hash":           {5, "UPDATE audit_entries SET hash = 'abc' WHERE account_id = ? AND sequence = 5"},
			"deleted":        {5, "DELETE FROM audit_entries WHERE account_id = ? AND sequence = 5"},
			"first deleted":  {1, "DELETE FROM audit_entries WHERE account_id = ? AND sequence = 1"},
			"newest deleted": {10, "DELETE FROM audit_entries WHERE account_id = ? AND sequence >= 10"},
			"another's":      {5, "UPDATE audit_entries SET account_id = '" + other.AccountID + "', sequence = 500 WHERE account_id = ? AND sequence = 5"},
			"in another order": {5, "UPDATE audit_entries SET sequence = -5 WHERE account_id = ? AND sequence = 5;" +
				"UPDATE audit_entries SET sequence = 5 WHERE account_id = ? AND sequence = 6; UPDATE audit_entries SET sequence = 6 WHERE account_id = ? AND sequence = -5"},
		} {
			undo := errors.New("undo")
			err := s.db.write(t.Context(), func(tx *tx) error {
				for one := range strings.SplitSeq(tt.sql, ";") {
					require.NoError(t, tx.Exec(one, p.AccountID).Error, name)
				}
				var broken *models.BrokenError
				changed := &Store{Audit: &Audit{&db{r: tx.DB, w: tx.DB, dialect: tx.dialect}}}
				require.ErrorAs(t, verify(t, changed, p.AccountID), &broken, name)
				require.Equal(t, tt.first, broken.Sequence, "%s: %v", name, broken)
				return undo
			})
			require.ErrorIs(t, err, undo, name)
		}
		require.NoError(t, verify(t, s, p.AccountID))
	})
}

// What is old goes from the beginning of each chain, and leaves a signed checkpoint from which the rest still follows. A chain that somebody changed stays.
func TestAuditIsPruned(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		for range 10 {
			for _, of := range []*models.Project{p, other} {
				_, err := s.Projects.ChangeProject(act(t.Context(), "project.change"), of.AccountID, of.ID, func(*models.Project) error { return nil })
				require.NoError(t, err)
			}
		}
		chainAll(t, s)
		var signed []models.Checkpoint
		sign := func(_ context.Context, c models.Checkpoint) ([]byte, error) {
			signed = append(signed, c)
			return []byte("signed " + c.Hash), nil
		}
		done, err := s.Retention.Audit(t.Context(), time.Hour, sign)
		require.NoError(t, err)
		require.Zero(t, done.Removed["audit_entries"])
		require.WithinDuration(t, time.Now(), done.Oldest, time.Minute)

		// Of one chain a part is old, with its hashes; the other one was changed.
		all := audited(t, s, p.AccountID)
		hash := ""
		for i := range all {
			if i < 4 {
				all[i].At = all[i].At.Add(-24 * time.Hour).Truncate(time.Millisecond)
			}
			all[i].PreviousHash = hash
			all[i].Hash = all[i].HashEntry()
			hash = all[i].Hash
			require.NoError(t, s.db.w.Exec("UPDATE audit_entries SET at = ?, previous_hash = ?, hash = ? WHERE id = ?", s.db.dialect.timestamp(all[i].At),
				all[i].PreviousHash, hash, all[i].ID).Error)
		}
		require.NoError(t, s.db.w.Exec("UPDATE audit_chains SET hash = ? WHERE account_id = ?", hash, p.AccountID).Error)
		require.NoError(t, verify(t, s, p.AccountID))
		require.NoError(t, s.db.w.Exec("UPDATE audit_entries SET at = ? WHERE account_id = ? AND sequence = 1",
			s.db.dialect.timestamp(time.Now().Add(-24*time.Hour)), other.AccountID).Error)

		refused := errors.New("no key")
		_, err = s.Retention.Audit(t.Context(), time.Hour, func(context.Context, models.Checkpoint) ([]byte, error) { return nil, refused })
		require.ErrorIs(t, err, refused)
		require.Len(t, audited(t, s, p.AccountID), len(all), "nothing goes without a signature")

		done, err = s.Retention.Audit(t.Context(), time.Hour, sign)
		require.ErrorContains(t, err, "the audit is broken: entry 1 of account "+other.AccountID)
		require.Equal(t, 4, done.Removed["audit_entries"])
		require.Len(t, signed, 1)
		require.Equal(t, models.Checkpoint{AccountID: p.AccountID, Sequence: 4, Hash: all[3].Hash, At: signed[0].At}, signed[0])
		require.Len(t, audited(t, s, p.AccountID), len(all)-4)
		require.Len(t, audited(t, s, other.AccountID), len(all))
		head, err := s.Audit.Head(t.Context(), p.AccountID)
		require.NoError(t, err)
		require.Equal(t, "signed "+all[3].Hash, head.Checkpoint)
		require.NoError(t, verify(t, s, p.AccountID))

		// New entries follow, and the next checkpoint replaces this one.
		_, err = s.Projects.ChangeProject(act(t.Context(), "project.change"), p.AccountID, p.ID, func(*models.Project) error { return nil })
		require.NoError(t, err)
		chainAll(t, s)
		require.NoError(t, verify(t, s, p.AccountID))
		_, err = s.Retention.Audit(t.Context(), -time.Hour, sign)
		require.Error(t, err, "of the other account")
		require.Empty(t, audited(t, s, p.AccountID))
		require.NoError(t, verify(t, s, p.AccountID))
		require.Equal(t, int64(len(all)+1), signed[len(signed)-1].Sequence)
	})
}

// Refused attempts are entries of whom they are about; what exists elsewhere is known among them.
func TestRefusalsAreStored(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		first := time.Now().Add(-time.Minute).UTC().Truncate(time.Millisecond)
		one := models.Refusal{AccountID: p.AccountID, Action: "project.delete", Code: models.CodeNotFound, ResourceKind: "project", ResourceID: other.ID, Count: 3,
			Actor: models.Actor{Kind: models.ActorKey, AccountID: p.AccountID, KeyID: "k1", Address: "192.0.2.7"}, First: first, Last: first.Add(time.Second)}
		mine, none := one, one
		mine.ResourceID, none.ResourceID = p.ID, models.NewID()
		others, err := s.Audit.Others(t.Context(), []models.Refusal{one, mine, none})
		require.NoError(t, err)
		require.Equal(t, []models.Refusal{one}, others)
		require.NoError(t, s.Audit.Refusals(t.Context(), others))
		chainAll(t, s)
		require.NoError(t, verify(t, s, p.AccountID))
		got, err := s.Audit.Entries(t.Context(), p.AccountID, models.AuditFilter{Outcome: models.OutcomeRefused}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, first, *got[0].Since)
		require.Equal(t, first.Add(time.Second), got[0].At)
		require.Equal(t, 3, got[0].Count)
		require.Equal(t, "192.0.2.7", got[0].Address)
		require.Error(t, s.Audit.Refusals(t.Context(), []models.Refusal{{Action: "x"}}), "of no account")
	})
}
