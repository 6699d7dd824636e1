package store

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// harmless are columns whose names look like those of secrets.
var harmless = regexp.MustCompile(`^(audit_entries\.|audit_chains\.|jobs\.(tokens_(in|out)|concurrency_key)$|(usage|end_user_usage|usage_counts)\.tokens_(in|out)$|spent\.tokens$|` +
	`accounts\.(tokens_per_day|requests_per_minute_per_key)|assets\.(thumbnail_)?sha256$)`)

// Every table in which accounts have rows is exported, or has a reason for which it is not; what looks like a secret is left out; and each column that an export
// speaks of is there.
func TestEveryTableIsExported(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		tables, err := s.db.tables(t.Context(), s.db.migrations)
		require.NoError(t, err)
		for _, table := range tables {
			owned := slices.ContainsFunc(removals, func(r removal) bool { return r.table == table.name })
			at := slices.IndexFunc(exported, func(e export) bool { return e.table == table.name })
			require.Equal(t, owned && notExported[table.name] == "", at >= 0,
				"the table %s needs one line in exported.go: in exported, or in notExported with a reason", table.name)
			if at < 0 {
				continue
			}
			e := exported[at]
			for _, name := range slices.Concat(e.key, e.json) {
				require.True(t, table.has(name), "%s.%s", table.name, name)
			}
			for name, why := range e.left {
				require.True(t, table.has(name) && why != "", "%s.%s", table.name, name)
			}
			for _, c := range table.columns {
				if _, left := e.left[c.name]; left {
					continue
				}
				full := table.name + "." + c.name
				assert.NotEqual(t, KindBytes, kinds[c.kind], "%s is exported", full)
				assert.False(t, regexp.MustCompile(`hash|secret|token|sha256|password|_key$`).MatchString(c.name) && !harmless.MatchString(full), "%s is exported", full)
				if s.db.dialect.writesInQueries() {
					assert.Equal(t, strings.HasPrefix(c.kind, "json"), slices.Contains(e.json, c.name), "%s is JSON", full)
				}
			}
		}
		require.Len(t, exported, len(s.Exports.Tables()))
	})
}

// An export has each row of an account once, also of tables that take several queries, and nothing of another account.
func TestExportHasAllRowsOfAnAccount(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		full(t, s, p)
		fill(t, s, other)
		job := submit1(t, s, p)
		hour := time.Now().Add(-2000 * time.Hour)
		for n := range 2*exportStep + 7 {
			require.NoError(t, s.db.w.Exec(`INSERT INTO usage (account_id, kind, period, start, jobs, failures, p50_millis, p95_millis, tokens_in, tokens_out, bytes)
				VALUES (?, 'build', 'hour', ?, 1, 0, 1, 1, 1, 1, 1)`, p.AccountID, s.db.dialect.timestamp(hour.Add(time.Duration(n)*time.Hour))).Error)
			require.NoError(t, s.db.w.Exec("INSERT INTO job_events (job_id, seq, type, attempt, data) VALUES (?, ?, 'log', 1, '{\"n\":1}')", job.ID, 1000+n).Error)
		}
		for range parentStep + 3 {
			submit1(t, s, p)
		}
		for _, e := range exported {
			lines := make(map[string]bool)
			var files models.Manifest
			require.NoError(t, s.Exports.Rows(t.Context(), p.AccountID, e.table, func(row []byte, of models.Manifest) error {
				require.True(t, json.Valid(row))
				require.NotContains(t, string(row), other.AccountID, e.table)
				require.NotContains(t, string(row), other.ID, e.table)
				require.False(t, lines[string(row)], "%s: %s", e.table, row)
				lines[string(row)] = true
				files = append(files, of...)
				return nil
			}), e.table)
			where, args := ofAccount, []any{p.AccountID}
			switch {
			case e.where != "":
				where = e.where
			case e.parent != "":
				where = e.key[0] + " IN (SELECT id FROM " + e.parent + " WHERE account_id = ?)"
			}
			require.Len(t, lines, count(t, s, e.table, where, args...), e.table)
			require.NotEmpty(t, lines, "%s is not tested", e.table)
			require.Equal(t, e.files != nil, len(files) > 0, e.table)
		}
		require.Error(t, s.Exports.Rows(t.Context(), p.AccountID, "signing_keys", nil))
	})
}

// One export of an account is under way at a time, until it ends or is not renewed any more, or the account is closed.
func TestExportsOfAnAccountTakeTurns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		require.NoError(t, s.Exports.Begin(t.Context(), p.AccountID, "a"))
		require.Equal(t, models.CodeLimitReached, models.CodeOf(s.Exports.Begin(t.Context(), p.AccountID, "b")))
		require.NoError(t, s.Exports.Begin(t.Context(), other.AccountID, "c"))
		require.NoError(t, s.Exports.End(t.Context(), p.AccountID, "b"))
		require.NoError(t, s.Exports.Renew(t.Context(), p.AccountID, "a"))
		require.Equal(t, models.CodeConflict, models.CodeOf(s.Exports.Renew(t.Context(), p.AccountID, "b")))
		require.Equal(t, 1, count(t, s, "audit_entries", "account_id = ? AND action = 'account.export'", p.AccountID))

		require.NoError(t, s.db.w.Exec("UPDATE account_exports SET renewed_at = "+s.db.dialect.nowPlus(micros(-models.ExportLease-time.Second))+" WHERE account_id = ?", p.AccountID).Error)
		require.NoError(t, s.Exports.Begin(t.Context(), p.AccountID, "b"), "the other is over")
		require.Equal(t, models.CodeConflict, models.CodeOf(s.Exports.Renew(t.Context(), p.AccountID, "a")))
		require.NoError(t, s.Exports.End(t.Context(), p.AccountID, "a"))
		require.NoError(t, s.Exports.Renew(t.Context(), p.AccountID, "b"))
		_, err := s.Erasure.DeleteAccount(t.Context(), p.AccountID)
		require.NoError(t, err)
		require.Equal(t, models.CodeConflict, models.CodeOf(s.Exports.Renew(t.Context(), p.AccountID, "b")))
		require.NoError(t, s.Exports.End(t.Context(), p.AccountID, "b"))
		require.Zero(t, count(t, s, "account_exports", ofAccount, p.AccountID))
	})
}
