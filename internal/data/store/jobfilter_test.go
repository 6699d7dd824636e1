package store

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// A filter finds the jobs that all of it names, of the account alone, and an operation finds the same.
func TestJobsAreFoundByWhatTheyHave(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		now := time.Now().Truncate(time.Millisecond)
		key, user := models.NewID(), models.NewID()
		made := func(p *models.Project, change func(*models.Job)) string {
			j := newJob(p, models.KindBuild, models.StateQueued)
			change(j)
			require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}}))
			return j.ID
		}
		text := made(p, func(j *models.Job) {
			j.Metadata = models.JSON(`{"order":"7","tier":"gold, or: not \\ \"x\"","deep":{"order":"9"}}`)
			j.Submitter = models.ToJSON(models.Submitter{Kind: models.ActorKey, KeyID: key, EndUser: `"key_id":"` + user + `"`})
		})
		number := made(p, func(j *models.Job) {
			j.Metadata, j.RunAt = models.JSON(`{"order":7,"paid":true,"price":1.5}`), now.Add(time.Hour)
			j.Submitter = models.ToJSON(models.Submitter{Kind: models.ActorSession, UserID: user})
		})
		expires := made(p, func(j *models.Job) {
			j.Metadata, j.ExpiresAt, j.ConcurrencyKey = models.JSON(`{"order":70,"paid":"true"}`), new(now.Add(2*time.Hour)), "line"
		})
		odd := made(p, func(j *models.Job) { // what jsonb does not take is stored, and not found
			j.Metadata = models.JSON(`{"order":"a\u0000b","big":1e999999}`)
		})
		made(other, func(j *models.Job) {
			j.Metadata, j.ConcurrencyKey, j.Submitter = models.JSON(`{"order":"7"}`), "line", models.ToJSON(models.Submitter{Kind: models.ActorKey, KeyID: key})
		})
		for name, c := range map[string]struct {
			f    models.JobFilter
			want []string
		}{
			"all":               {models.JobFilter{}, []string{odd, expires, number, text}},
			"text and number":   {models.JobFilter{Metadata: map[string]string{"order": "7"}}, []string{number, text}},
			"several":           {models.JobFilter{Metadata: map[string]string{"order": "7", "paid": "true"}}, []string{number}},
			"boolean":           {models.JobFilter{Metadata: map[string]string{"paid": "true"}}, []string{expires, number}},
			"fraction":          {models.JobFilter{Metadata: map[string]string{"price": "1.5"}}, []string{number}},
			"another form":      {models.JobFilter{Metadata: map[string]string{"price": "1.50"}}, nil},
			"signs":             {models.JobFilter{Metadata: map[string]string{"tier": `gold, or: not \ "x"`}}, []string{text}},
			"not below":         {models.JobFilter{Metadata: map[string]string{"order": "9"}}, nil},
			"no such key":       {models.JobFilter{Metadata: map[string]string{`"; --`: "7"}}, nil},
			"and another":       {models.JobFilter{Metadata: map[string]string{"order": "7"}, Submitter: user}, []string{number}},
			"key":               {models.JobFilter{Submitter: key}, []string{text}},
			"user":              {models.JobFilter{Submitter: user}, []string{number}},
			"nobody":            {models.JobFilter{Submitter: models.NewID()}, nil},
			"due later":         {models.JobFilter{RunFrom: now.Add(time.Minute)}, []string{number}},
			"due now":           {models.JobFilter{RunTo: now.Add(time.Hour)}, []string{odd, expires, text}},
			"expires":           {models.JobFilter{ExpiresFrom: now.Add(2 * time.Hour), ExpiresTo: now.Add(3 * time.Hour)}, []string{expires}},
			"expires before":    {models.JobFilter{ExpiresTo: now.Add(2 * time.Hour)}, nil},
			"concurrency key":   {models.JobFilter{ConcurrencyKey: "line"}, []string{expires}},
			"and so not at all": {models.JobFilter{ConcurrencyKey: "line", RunFrom: now.Add(time.Hour)}, nil},
		} {
			idsOf := func(rows []models.Job) (ids []string) {
				for _, j := range rows {
					ids = append(ids, j.ID)
				}
				return ids
			}
			rows, reached, err := s.Jobs.FindJobs(t.Context(), p.AccountID, c.f, models.Page{Limit: 10})
			require.NoError(t, err, name)
			require.Equal(t, c.want, idsOf(rows), name)
			require.Empty(t, reached, name)

			var found []string // one job at a time
			for before, more := "", true; more; {
				rows, reached, err := s.Jobs.find(t.Context(), p.AccountID, c.f, models.Page{Limit: 1, Before: before}, 2, 0)
				require.NoError(t, err, name)
				found = append(found, idsOf(rows)...)
				switch {
				case len(rows) > 0:
					before = rows[0].ID
				case reached != "":
					before = reached
				default:
					more = false
				}
			}
			require.Equal(t, c.want, found, name)

			if !c.f.IsZero() {
				o := operate(t, s, p.AccountID, models.OperationCancel, c.f, true)
				look, err := s.Operations.Look(t.Context(), o, 10)
				require.NoError(t, err, name)
				require.Len(t, look.Jobs, len(c.want), name)
				require.NoError(t, s.Operations.Fail(t.Context(), o.ID, models.NewError(models.CodeInternal, "over")))
			}
		}
		_, _, err := s.Jobs.FindJobs(t.Context(), "", models.JobFilter{}, models.Page{Limit: 1})
		require.Error(t, err)
	})
}

// Among 100,000 jobs of an account, of which a few have a pair in their metadata, Postgres finds these by the index and reads no others; also for an account
// whose pairs another has in all of its jobs.
func TestMetadataIsFoundByItsIndex(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	p, other := tenant(t, s), tenant(t, s)
	require.NoError(t, s.db.w.Exec(`INSERT INTO jobs (id, account_id, project_id, kind, priority, state, max_failures, on_dependency_failure, metadata,
			concurrency_key)
		SELECT '01980000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), CASE WHEN n % 2 = 0 THEN ? ELSE ? END, '', 'build', 'default', 'succeeded', 3, 'cancel',
			json_build_object('order', n::text, 'tier', CASE WHEN n % 2 = 1 OR n % 10000 = 0 THEN 'gold' ELSE 'plain' END),
			CASE WHEN n % 5000 = 0 THEN 'rare' ELSE '' END
		FROM generate_series(1, 100000) AS n`, p.AccountID, other.AccountID).Error)
	require.NoError(t, s.db.w.Exec("ANALYZE jobs").Error)
	for _, c := range []struct {
		f    models.JobFilter
		want int
	}{
		{models.JobFilter{Metadata: map[string]string{"order": "4242"}}, 1},
		{models.JobFilter{Metadata: map[string]string{"tier": "gold"}}, 10},
		{models.JobFilter{Metadata: map[string]string{"order": "20000", "tier": "gold"}}, 1},
		{models.JobFilter{Metadata: map[string]string{"tier": "plain"}}, 50},
		{models.JobFilter{ConcurrencyKey: "rare"}, 20},
	} {
		rows, reached, err := s.Jobs.FindJobs(t.Context(), p.AccountID, c.f, models.Page{Limit: 50})
		require.NoError(t, err)
		require.Len(t, rows, c.want)
		require.Equal(t, c.want == 50, reached != "")
		index := "jobs_by_metadata"
		sql := s.db.r.ToSQL(func(q *gorm.DB) *gorm.DB {
			var ids []string
			return s.Jobs.byMetadata(q, p.AccountID, c.f.Metadata, mostTagged+1).Pluck("id", &ids)
		})
		if c.f.Metadata == nil {
			index = "jobs_by_concurrency_key"
			sql = s.db.r.ToSQL(func(q *gorm.DB) *gorm.DB {
				return s.db.narrow(page(q.Where("account_id = ?", p.AccountID), models.Page{Limit: 50}), p.AccountID, c.f).Find(&rows)
			})
		}
		var plan []string
		require.NoError(t, s.db.r.Raw("EXPLAIN (ANALYZE) "+sql).Scan(&plan).Error)
		t.Log(strings.Join(plan, "\n"))
		require.Contains(t, strings.Join(plan, "\n"), index)
	}
}
