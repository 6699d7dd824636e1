package store

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/logger"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// usageOf is what an account has used from now on an hour back to tomorrow, by the day or the hour.
func usageOf(t *testing.T, s *Store, account string, q models.UsageQuestion) (all []models.UsageCount) {
	t.Helper()
	q.From, q.To, q.Most = time.Now().Add(-72*time.Hour), time.Now().Add(48*time.Hour), 10_000
	require.NoError(t, s.Usage.EachCount(t.Context(), account, q, func(c *models.UsageCount) error { all = append(all, *c); return nil }))
	return all
}

// end has a job run for a while and end, with tokens.
func end(t *testing.T, s *Store, p *models.Project, j *models.Job, ran time.Duration, verdict jobs.Verdict, tokens int64) {
	t.Helper()
	claimed := claim(t, s, p, j)
	backdate(t, s, j, ran)
	_, err := s.Ledger.Finish(t.Context(), claimed.Fence(), jobs.Outcome{Verdict: verdict, Err: models.NewError(models.CodeBuildFailed, "no"),
		Result: &jobs.Result{TokensIn: &tokens, TokensOut: new(int64(1))}})
	require.NoError(t, err)
}

// backdate has the attempt of a job begin earlier.
func backdate(t *testing.T, s *Store, j *models.Job, ran time.Duration) {
	t.Helper()
	require.NoError(t, s.db.w.Exec("UPDATE jobs SET started_at = ? WHERE id = ?", s.db.dialect.timestamp(time.Now().Add(-ran)), j.ID).Error)
}

// Attempts that were made again count with the one that ended; a retry counts only what is new.
func TestAttemptsAndRetriesAreCountedOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submitFor(t, s, p, "fox", 1)[0]
		claimed := claim(t, s, p, j)
		backdate(t, s, j, 10*time.Minute)
		_, err := s.Ledger.Finish(t.Context(), claimed.Fence(), jobs.Outcome{Verdict: jobs.Retry, Err: models.NewError(models.CodeTimeout, "again"),
			Result: &jobs.Result{TokensIn: new(int64(5))}})
		require.NoError(t, err)
		sequence(t, s)
		require.Empty(t, usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay}))
		end(t, s, p, j, 5*time.Minute, jobs.Failed, 7)
		sequence(t, s)
		sequence(t, s)
		got := usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay})
		require.Len(t, got, 1)
		require.InDelta(t, (15 * time.Minute).Milliseconds(), got[0].BuildMillis, 30_000)
		require.Equal(t, []int64{1, 1, 12, 1}, []int64{got[0].Jobs, got[0].Failures, got[0].TokensIn, got[0].TokensOut})

		require.NoError(t, s.db.w.Exec("UPDATE jobs SET finished_at = ? WHERE id = ?", s.db.dialect.timestamp(time.Now().Add(-10*time.Second)), j.ID).Error)
		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, j.ID)
		require.NoError(t, err)
		end(t, s, p, j, time.Minute, jobs.Succeeded, 3)
		sequence(t, s)
		got = usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay})
		require.InDelta(t, (16 * time.Minute).Milliseconds(), got[0].BuildMillis, 30_000)
		require.Equal(t, []int64{2, 1, 15, 2}, []int64{got[0].Jobs, got[0].Failures, got[0].TokensIn, got[0].TokensOut})
		spent, err := s.Spending.Spent(t.Context(), p.AccountID, "fox")
		require.NoError(t, err)
		require.Equal(t, int64(17), spent.Tokens)
		require.Equal(t, int64(1), spent.Jobs)
		require.InDelta(t, (16 * time.Minute).Milliseconds(), spent.BuildMillis, 30_000)
	})
}

// The hours of a day, and what is set apart by anything, sum up to the day, before and after hours become days.
func TestUsageSumsUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		second := &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "b", Engine: "phaser"}
		require.NoError(t, s.Projects.CreateProject(t.Context(), second))
		other := tenant(t, s)
		submit1(t, s, other)
		rnd := rand.New(rand.NewPCG(1, 2))
		var tokens int64
		for range 30 {
			of := p
			if rnd.IntN(2) == 0 {
				of = second
			}
			j := submitFor(t, s, of, []string{"", "fox", "wolf"}[rnd.IntN(3)], 1)[0]
			n := rnd.Int64N(100)
			tokens += n
			end(t, s, p, j, time.Minute, jobs.Succeeded, n)
			ended := time.Now().UTC().Truncate(24 * time.Hour).Add(-time.Duration(rnd.IntN(48)) * time.Hour)
			require.NoError(t, s.db.w.Exec("UPDATE jobs SET finished_at = ?, started_at = ? WHERE id = ?", s.db.dialect.timestamp(ended),
				s.db.dialect.timestamp(ended.Add(-time.Second)), j.ID).Error)
		}
		sequence(t, s)
		sum := func(all []models.UsageCount, at string) (total models.UsageCount) {
			for _, c := range all {
				if len(c.At) >= len(at) && c.At[:len(at)] == at {
					total.Jobs += c.Jobs
					total.TokensIn += c.TokensIn
					total.BuildMillis += c.BuildMillis
				}
			}
			return total
		}
		dims := [][]models.UsageDimension{nil, {models.UsageByProject}, {models.UsageByEndUser}, {models.UsageByKind, models.UsageByProject, models.UsageByEndUser}}
		days := usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay})
		total := sum(days, "")
		require.Equal(t, []int64{30, tokens, 30_000}, []int64{total.Jobs, total.TokensIn, total.BuildMillis})
		for _, by := range dims {
			hours := usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodHour, GroupBy: by})
			for _, day := range days {
				require.Equal(t, sum([]models.UsageCount{day}, ""), sum(hours, day.At))
			}
		}
		require.Equal(t, total.Jobs, sum(usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay, ProjectID: p.ID}), "").Jobs+
			sum(usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay, ProjectID: second.ID}), "").Jobs)
		require.Empty(t, usageOf(t, s, other.AccountID, models.UsageQuestion{Interval: models.PeriodDay}))

		for range 2 {
			_, err := s.Retention.UsageHours(t.Context(), 0)
			require.NoError(t, err)
			require.Equal(t, days, usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay}))
		}
		var hours int
		require.NoError(t, s.db.w.Raw("SELECT count(*) FROM usage_counts WHERE length(start) = 13").Scan(&hours).Error)
		require.Zero(t, hours)
		for _, by := range dims {
			require.Equal(t, total, sum(usageOf(t, s, p.AccountID, models.UsageQuestion{Interval: models.PeriodDay, GroupBy: by}), ""))
		}
	})
}

// A report reads the rows of its account and time, by the key of the counts; the jobs that were counted are not read.
func TestReportsReadCountsOnly(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	p := tenant(t, s)
	require.NoError(t, s.db.w.Exec(`INSERT INTO usage_counts SELECT CASE WHEN n % 10 = 0 THEN ? ELSE 'other' || n % 10 END,
			to_char(now() - n * interval '10 minutes', 'YYYY-MM-DD HH24'), 'build', 'p' || n, '', 1, 0, 0, 0, 0, 0 FROM generate_series(1, 50000) AS n`, p.AccountID).Error)
	require.NoError(t, s.db.w.Exec("ANALYZE usage_counts").Error)
	seen := &statements{Interface: logger.Discard}
	u := &Usage{s.db.logged(seen)}
	q := models.UsageQuestion{Interval: models.PeriodHour, From: time.Now().Add(-48 * time.Hour), To: time.Now(), Most: 1000}
	require.NoError(t, u.EachCount(t.Context(), p.AccountID, q, func(*models.UsageCount) error { return nil }))
	found := false
	for _, sql := range seen.all {
		if strings.Contains(sql, "FROM usage_counts") {
			plan := planOf(t, s, sql)
			require.Regexp(t, `Index (Only )?(Scan|Cond)|Bitmap Index Scan`, plan)
			require.NotContains(t, plan, "Seq Scan")
			require.NotContains(t, plan, "jobs ")
			found = true
		}
	}
	require.True(t, found)
}

// A report is read in parts, in its order and to its end, and holds no connection while its reader takes its time.
func TestLongReportsAreReadInParts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		day := time.Now().UTC().Format(time.DateOnly)
		require.NoError(t, s.db.w.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050)
			INSERT INTO usage_counts (account_id, start, kind, project_id, end_user, jobs, failures, tokens_in, tokens_out, build_millis, bytes)
			SELECT ?, d.day, 'build', '', 'u' || (100000 + n.i), 1, 0, 0, 0, 0, 0 FROM n CROSS JOIN (SELECT ? AS day UNION ALL SELECT ?) AS d`,
			p.AccountID, day, time.Now().UTC().Add(-24*time.Hour).Format(time.DateOnly)).Error)
		q := models.UsageQuestion{Interval: models.PeriodDay, GroupBy: []models.UsageDimension{models.UsageByKind, models.UsageByEndUser},
			From: time.Now().Add(-72 * time.Hour), To: time.Now().Add(48 * time.Hour), Most: 30_000}
		pool, err := s.db.r.DB()
		require.NoError(t, err)
		rows, last := 0, ""
		require.NoError(t, s.Usage.EachCount(t.Context(), p.AccountID, q, func(c *models.UsageCount) error {
			rows++
			require.Less(t, last, c.At+c.EndUser)
			last = c.At + c.EndUser
			require.Zero(t, pool.Stats().InUse)
			return nil
		}))
		require.Equal(t, 20_100, rows)
		q.Most, rows = 10_001, 0
		require.NoError(t, s.Usage.EachCount(t.Context(), p.AccountID, q, func(*models.UsageCount) error { rows++; return nil }))
		require.Equal(t, 10_001, rows)
	})
}
