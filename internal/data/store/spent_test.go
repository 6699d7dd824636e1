package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// What was submitted and used is counted once, when its events get their positions.
func TestSpendingIsCounted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		spent := func(account, endUser string) models.Spent {
			t.Helper()
			got, err := s.Spending.Spent(t.Context(), account, endUser)
			require.NoError(t, err)
			return got
		}
		fox := submitFor(t, s, p, "fox", 2)
		submit1(t, s, p)
		require.Zero(t, spent(p.AccountID, ""))
		sequence(t, s)
		require.Equal(t, models.Spent{Jobs: 3}, spent(p.AccountID, ""))
		require.Equal(t, models.Spent{Jobs: 2}, spent(p.AccountID, "fox"))
		require.Zero(t, spent(other.AccountID, ""))

		in, out := int64(70), int64(30)
		claimed := claim(t, s, p, fox[0])
		require.NoError(t, s.db.w.Exec("UPDATE jobs SET started_at = ? WHERE id = ?", s.db.dialect.timestamp(time.Now().Add(-2*time.Minute)), fox[0].ID).Error)
		require.NoError(t, s.Ledger.Progress(t.Context(), claimed.Fence(), 0.5, "half"))
		sequence(t, s)
		require.Equal(t, models.Spent{Jobs: 2}, spent(p.AccountID, "fox"), "it has not ended")
		_, err := s.Ledger.Finish(t.Context(), claimed.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{TokensIn: &in, TokensOut: &out}})
		require.NoError(t, err)
		sequence(t, s)
		got := spent(p.AccountID, "fox")
		require.InDelta(t, 2*time.Minute.Milliseconds(), got.BuildMillis, 60_000)
		got.BuildMillis = 0
		require.Equal(t, models.Spent{Jobs: 2, Tokens: 100}, got)
		require.Equal(t, int64(100), spent(p.AccountID, "").Tokens)

		require.NoError(t, s.Retention.ForgetSpent(t.Context()))
		require.Equal(t, int64(3), spent(p.AccountID, "").Jobs, "the day goes on")
		require.NoError(t, s.db.w.Exec("UPDATE spent SET day = '2020-01-01'").Error)
		require.NoError(t, s.Retention.ForgetSpent(t.Context()))
		var rows int
		require.NoError(t, s.db.w.Raw("SELECT count(*) FROM spent").Scan(&rows).Error)
		require.Zero(t, rows)
	})
}
