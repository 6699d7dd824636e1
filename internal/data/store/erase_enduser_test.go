package store

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// rowsWith lists the tables that have a row with a text in it, with how many they have.
func rowsWith(t *testing.T, s *Store, text string) map[string]int {
	t.Helper()
	tables, err := s.db.tables(t.Context(), s.db.migrations)
	require.NoError(t, err)
	found := make(map[string]int)
	for _, table := range tables {
		columns := make([]string, len(table.columns))
		for i, c := range table.columns {
			columns[i] = "coalesce(CAST(" + quote(c.name) + " AS text), '')"
		}
		var n int
		require.NoError(t, s.db.r.Raw("SELECT count(*) FROM "+quote(table.name)+" WHERE "+strings.Join(columns, " || ' ' || ")+" LIKE ? ESCAPE '\\'",
			"%"+likeText(text)+"%").Scan(&n).Error)
		if n > 0 {
			found[table.name] = n
		}
	}
	return found
}

// Nothing is left of an end user in any table: neither the id nor what they asked for. Another account's end user of the same name stays, and so does what
// the account has used.
func TestEndUserIsErased(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		const fox, prompt = `fo%x "7" <ü>`, "zebra in a meadow"
		p, other := tenant(t, s), tenant(t, s)
		ctx := models.ActBy(t.Context(), models.Actor{Kind: models.ActorToken, AccountID: p.AccountID, KeyID: models.NewID(), EndUser: fox, Address: "192.0.2.7"})
		mine := func(p *models.Project) *models.Job {
			j := newJob(p, models.KindBuild, models.StateQueued)
			j.EndUser, j.Metadata, j.ConcurrencyKey = fox, models.JSON(`{"who":"zebra in a meadow"}`), "zebra in a meadow"
			j.Input = models.ToJSON(map[string]any{"prompt": prompt, "seed": 7, "revision_id": p.ID})
			j.Submitter = models.SubmitterFrom(ctx)
			return j
		}
		pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, EndUser: fox, Metadata: models.JSON(`{"x":"zebra in a meadow"}`)}
		ended, failed, waits, running := mine(p), mine(p), mine(p), mine(p)
		ended.PipelineID, failed.ConcurrencyKey, waits.ConcurrencyKey, running.ConcurrencyKey = pipeline.ID, "", "", ""
		require.NoError(t, s.Jobs.Submit(ctx, jobs.Submission{Pipeline: pipeline, Jobs: []*models.Job{ended}}))
		theirs := newJob(other, models.KindBuild, models.StateQueued)
		theirs.EndUser = fox
		for _, j := range []*models.Job{failed, waits, running, theirs} {
			require.NoError(t, s.Jobs.Submit(ctx, jobs.Submission{Jobs: []*models.Job{j}}))
		}
		released := release(t, s, p)
		worked := claimOf(t, s, released, ended)
		require.NoError(t, s.Ledger.Progress(t.Context(), worked.Fence(), 0.5, prompt))
		m := models.Manifest{{Path: "a", SHA256: strings.Repeat("aa", 32), Size: 1, MediaType: "text/plain"}}
		rev := &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, JobID: ended.ID, Title: "x", Prompt: prompt, Message: prompt,
			Manifest: m, Digest: m.Digest()}
		_, err := s.Ledger.Finish(t.Context(), worked.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, LogTail: prompt, Result: &jobs.Result{Revision: rev,
			Output: models.ToJSON(map[string]any{"summary": prompt, "revision_id": rev.ID})}})
		require.NoError(t, err)
		_, err = s.Ledger.Finish(t.Context(), claimOf(t, s, released, failed).Fence(), jobs.Outcome{Verdict: jobs.Failed, LogTail: prompt,
			Err: models.NewError(models.CodeBuildFailed, prompt)})
		require.NoError(t, err)
		held := claimOf(t, s, released, running)
		require.NoError(t, s.Projects.DeleteProject(models.ActBy(ctx, models.Actor{Kind: models.ActorToken, AccountID: p.AccountID, EndUser: fox,
			Address: "192.0.2.7"}), p.AccountID, p.ID))
		schedule := &models.AccountSchedule{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Name: "x", Cron: "@daily", TimeZone: "UTC",
			Overlap: "skip", Misfire: "skip", Target: models.ToJSON(map[string]any{"job": map[string]any{"end_user": fox}}), NextRunAt: time.Now(), CountedFrom: time.Now()}
		require.NoError(t, s.Schedules.Create(t.Context(), schedule, 0))
		operate(t, s, p.AccountID, models.OperationCancel, models.JobFilter{EndUser: fox}, true)
		require.NoError(t, s.db.write(t.Context(), func(tx *tx) error {
			return tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: p.AccountID, Type: models.EventQuota, Data: models.ToJSON(map[string]any{"end_user": fox})})
		}))
		require.NoError(t, s.db.w.Exec(`INSERT INTO answers (account_id, key, operation, fingerprint, resource, status, body) VALUES (?, 'k', 'x', 'x', 'x', 200, ?)`,
			p.AccountID, string(models.ToJSON(map[string]any{"end_user": fox, "prompt": prompt}))).Error)
		require.NoError(t, s.db.w.Exec("INSERT INTO operations (id, account_id, action, filter, dry_run) VALUES (?, ?, 'cancel', ?, true)", models.NewID(), p.AccountID,
			models.ToJSON(models.JobFilter{EndUser: fox})).Error)
		require.NoError(t, s.db.w.Exec(`INSERT INTO quota_notices (account_id, end_user, quota, percent, day) VALUES (?, ?, 'x', 80, 'x')`, p.AccountID, fox).Error)
		require.NoError(t, s.db.w.Exec(`INSERT INTO end_user_usage (account_id, end_user, kind, start, jobs, failures, p50_millis, p95_millis, tokens_in, tokens_out, bytes)
			VALUES (?, ?, 'build', ?, 1, 0, 1, 1, 1, 1, 1)`, p.AccountID, fox, s.db.dialect.timestamp(time.Now())).Error)
		count := func() {
			for more := true; more; {
				_, _, more, err = s.Stream.Sequence(t.Context(), 100)
				require.NoError(t, err)
			}
		}
		count()
		_, _, err = s.Audit.Chain(t.Context(), 100)
		require.NoError(t, err)
		used := func() (n int) {
			require.NoError(t, s.db.r.Raw("SELECT sum(jobs) FROM usage_counts WHERE account_id = ?", p.AccountID).Scan(&n).Error)
			return n
		}
		require.Equal(t, 2, used())
		named := []string{"account_schedules", "answers", "account_events", "operations"} // within other columns
		tables, err := s.db.tables(t.Context(), s.db.migrations)
		require.NoError(t, err)
		for _, table := range tables {
			if table.has("end_user") {
				named = append(named, table.name)
			}
		}
		before := rowsWith(t, s, "fo%x")
		for _, table := range named {
			require.NotZero(t, before[table], "%s has end users, and this test does not show that they are erased from it: see FinishEndUser", table)
		}

		erase := func() *models.ErasedEndUser {
			t.Helper()
			done, err := s.Erasure.StartEndUser(t.Context(), p.AccountID, fox)
			require.NoError(t, err)
			open, err := s.Erasure.OpenOfEndUser(t.Context(), p.AccountID, fox)
			require.NoError(t, err)
			for _, id := range open {
				_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, id, "x")
				require.NoError(t, err)
			}
			require.NoError(t, s.Erasure.FinishEndUser(t.Context(), p.AccountID, fox, done))
			return done
		}
		require.Equal(t, &models.ErasedEndUser{Jobs: 3, Pipelines: 1, Revisions: 1, Schedules: 1, AuditEntries: 1, Answers: 1, Open: 1}, erase())
		_, err = s.Ledger.Finish(t.Context(), held.Fence(), jobs.Outcome{Verdict: jobs.Cancelled, LogTail: prompt, Err: models.NewError(models.CodeCancelled, "x")})
		require.NoError(t, err)
		count()
		require.Equal(t, &models.ErasedEndUser{Jobs: 1}, erase())
		require.Equal(t, &models.ErasedEndUser{}, erase())

		require.Empty(t, rowsWith(t, s, prompt))
		require.Empty(t, rowsWith(t, s, "192.0.2.7"))
		require.Equal(t, map[string]int{"jobs": 1, "job_queue": 1, "spent": 1}, rowsWith(t, s, "fo%x"), "the other account's")
		require.Equal(t, 4, used())
		for _, j := range []*models.Job{ended, failed, waits, running} {
			now := state(t, s, j)
			require.Empty(t, now.EndUser)
			require.Contains(t, string(now.Input), p.ID)
			require.NotContains(t, string(now.Input)+string(now.Output)+string(now.Submitter)+now.ErrorMessage+now.LogTail, "zebra")
		}
		require.Contains(t, string(state(t, s, ended).Output), rev.ID)
		_, _, err = s.Audit.Chain(t.Context(), 100)
		require.NoError(t, err)
		entries, err := s.Audit.Entries(t.Context(), p.AccountID, models.AuditFilter{Action: "end_user.erase"}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, entries, 3)
		require.Empty(t, entries[0].ResourceID)
		require.NoError(t, verify(t, s, p.AccountID))
	})
}
