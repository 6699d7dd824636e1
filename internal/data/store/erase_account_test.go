package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// withoutAccounts are the tables that have nothing of an account, and why.
var withoutAccounts = map[string]string{
	"audit_turn":            "the turn of whoever chains",
	"compatible_migrations": "the schema's",
	"goose_db_version":      "the schema's",
	"event_bounds":          "the stream's",
	"event_cursors":         "how far those have come who pass the stream on",
	"event_outbox":          "numbers of events that are taken within a second, and not of jobs that are gone",
	"paused_kinds":          "the platform's",
	"pepper_check":          "the platform's",
	"plans":                 "the platform's",
	"platform_id":           "the platform's",
	"probes":                "the platform's",
	"retention":             "how far policies have come",
	"rollups":               "how far rollups have come",
	"schedules":             "the platform's own",
	"sessions":              "people's, who may be members of other accounts",
	"signing_keys":          "the platform's",
	"spent_tokens":          "of providers, for minutes",
	"surveys":               "sums, until the next one",
	"trees":                 "content by its digest; the sweep removes what nothing refers to",
	"users":                 "people, who may be members of other accounts",
	"workers":               "the platform's",
}

// Every table of the schema has a rule of how an account's rows are removed, or a reason for which it has none of them.
func TestEveryTableHasARuleForAccounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		tables, err := s.db.tables(t.Context(), s.db.migrations)
		require.NoError(t, err)
		var known []string
		for _, table := range tables {
			known = append(known, table.name)
			ruled := slices.ContainsFunc(removals, func(r removal) bool { return r.table == table.name })
			require.NotEqual(t, ruled, withoutAccounts[table.name] != "",
				"the table %s needs one line: in removals (erase_account.go), or in withoutAccounts here with a reason", table.name)
			if table.name == "schedules" { // the platform's own have its account
				continue
			}
			require.True(t, ruled || !slices.ContainsFunc(table.columns, func(c column) bool { return strings.HasSuffix(c.name, "account_id") }), table.name)
		}
		for _, r := range removals {
			require.Contains(t, known, r.table)
		}
	})
}

// An account is closed, can be opened again for a while, and is removed with everything that is its own: no table has its id any more, but for the entry in the
// platform's audit that says so. Another account loses nothing.
func TestAccountIsRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		fill(t, s, other)
		full(t, s, p)
		given := tenant(t, s) // goes from the other account to this one, with a job and a pipeline that stay there
		fill(t, s, given)
		_, err := s.Projects.TransferProject(t.Context(), models.Transfer{ProjectID: given.ID, AccountID: given.AccountID, To: p.AccountID})
		require.NoError(t, err)
		before := rowsWith(t, s, p.AccountID)
		for _, r := range removals {
			if r.where == ofAccount {
				require.NotZero(t, before[r.table], "%s is not tested", r.table)
			}
		}
		stay := rowsWith(t, s, other.AccountID)

		_, err = s.Erasure.DeleteAccount(t.Context(), models.SystemAccountID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		admin := &models.APIKey{ID: models.NewID(), AccountID: p.AccountID, Role: models.RoleAdmin, Hash: []byte("admin")}
		require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), admin))
		_, err = s.Erasure.DeleteAccount(t.Context(), p.AccountID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		require.NoError(t, s.Accounts.RevokeAPIKey(t.Context(), admin.ID))
		closed, err := s.Erasure.DeleteAccount(t.Context(), p.AccountID)
		require.NoError(t, err)
		require.NotNil(t, closed.DeletedAt)
		require.Equal(t, models.AccountSuspended, closed.State)
		_, err = s.Accounts.ChangeAccount(t.Context(), p.AccountID, func(a *models.Account) error { a.State = models.AccountActive; return nil })
		require.Equal(t, models.CodeConflict, models.CodeOf(err), "it is restored, and not changed")
		require.Empty(t, all(t, s.Retention.DeletedAccounts, time.Hour))
		opened, err := s.Erasure.RestoreAccount(t.Context(), p.AccountID)
		require.NoError(t, err)
		require.Nil(t, opened.DeletedAt)
		require.Equal(t, models.AccountActive, opened.State)
		require.Empty(t, all(t, s.Retention.DeletedAccounts, thisMoment))

		_, err = s.Erasure.DeleteAccount(t.Context(), p.AccountID)
		require.NoError(t, err)
		open, err := s.Erasure.OpenOf(t.Context(), p.AccountID)
		require.NoError(t, err)
		require.NotEmpty(t, open)
		step, err := s.Retention.DeletedAccounts(t.Context(), thisMoment)
		require.NoError(t, err)
		require.True(t, step.More)
		_, err = s.Erasure.RestoreAccount(t.Context(), p.AccountID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err), "a part of it is gone")
		require.Equal(t, 1, all(t, s.Retention.DeletedAccounts, thisMoment)["accounts"])

		after := rowsWith(t, s, p.AccountID)
		require.Equal(t, 2, after["audit_entries"], "the platform's own, and that of the account that gave it a project")
		require.Empty(t, rowsWith(t, s, p.ID), "its project")
		require.Zero(t, count(t, s, "audit_entries", "account_id = ?", p.AccountID))
		for table := range after { // an account that gave it a project knows to whom
			require.Contains(t, []string{"audit_entries", "account_events"}, table)
			require.Zero(t, count(t, s, table, "account_id = ?", p.AccountID))
		}
		var entry models.AuditEntry
		require.NoError(t, s.db.r.Raw("SELECT * FROM audit_entries WHERE action = 'account.remove'").Scan(&entry).Error)
		require.Equal(t, []string{models.SystemAccountID, p.AccountID, "", "", ""},
			[]string{entry.AccountID, entry.ResourceID, entry.UserID, entry.EndUser, entry.Address})
		require.Equal(t, stay, rowsWith(t, s, other.AccountID))
	})
}

// thisMoment removes also what was deleted in this very millisecond.
const thisMoment = -time.Second

// fill has a project make a revision, an artifact and jobs, also of a pipeline.
func fill(t *testing.T, s *Store, p *models.Project) {
	t.Helper()
	rev, err := committed(t, s, p, "aa", 100)
	require.NoError(t, err)
	pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}
	first, second := newJob(p, models.KindBuild, models.StateQueued), newJob(p, models.KindExport, models.StateBlocked)
	first.PipelineID, second.PipelineID = pipeline.ID, pipeline.ID
	require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Pipeline: pipeline, Jobs: []*models.Job{first, second},
		Dependencies: []models.Dependency{{JobID: second.ID, DependsOn: first.ID}}}))
	done := claim(t, s, p, first)
	art := &models.Artifact{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, RevisionID: rev.ID, JobID: done.ID, Kind: models.ArtifactBuild,
		Engine: "phaser", Mode: models.ModeRelease, Format: "web", Digest: sum, Manifest: rev.Manifest}
	_, err = s.Ledger.Finish(t.Context(), done.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Artifact: art, Attestation: []byte(`{}`)}})
	require.NoError(t, err)
	_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, second.ID, "x")
	require.NoError(t, err)
}

// full gives an account something in every table that has rows of accounts.
func full(t *testing.T, s *Store, p *models.Project) {
	t.Helper()
	operate(t, s, p.AccountID, models.OperationCancel, models.JobFilter{EndUser: "nobody"}, true)
	fill(t, s, p)
	waits := newJob(p, models.KindBuild, models.StateQueued)
	waits.EndUser = "fox"
	require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{waits}}))
	schedule := &models.AccountSchedule{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Name: "x", Cron: "@daily", TimeZone: "UTC",
		Overlap: "skip", Misfire: "skip", Target: models.JSON(`{}`), NextRunAt: time.Now(), CountedFrom: time.Now()}
	require.NoError(t, s.Schedules.Create(t.Context(), schedule, 0))
	_, _, err := s.Schedules.Fire(t.Context(), &models.Firing{ID: models.NewID(), AccountID: p.AccountID, ScheduleID: schedule.ID, DueAt: time.Now(),
		FiredAt: time.Now(), Manual: true, Outcome: models.FiringRefused}, 10)
	require.NoError(t, err)
	require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), &models.APIKey{ID: models.NewID(), AccountID: p.AccountID, Role: models.RoleOwner, Hash: []byte(p.ID)}))
	require.NoError(t, s.People.CreateInvitation(t.Context(), &models.Invitation{ID: models.NewID(), AccountID: p.AccountID, Role: models.MemberViewer,
		Hash: []byte(p.ID), ExpiresAt: time.Now().Add(time.Hour)}))
	_, err = s.People.SignIn(t.Context(), models.SignIn{Issuer: "https://i", Subject: "fox", Granted: map[string]models.MemberRole{p.AccountID: models.MemberOwner},
		Session: &models.Session{ID: models.NewID(), Hash: []byte("fox"), ExpiresAt: time.Now().Add(time.Hour)}})
	require.NoError(t, err)
	gone, err := s.People.SignIn(t.Context(), models.SignIn{Issuer: "https://i", Subject: "gone", Granted: map[string]models.MemberRole{p.AccountID: models.MemberViewer},
		Session: &models.Session{ID: models.NewID(), Hash: []byte("gone"), ExpiresAt: time.Now().Add(time.Hour)}})
	require.NoError(t, err)
	require.NoError(t, s.People.RemoveMember(t.Context(), p.AccountID, gone.ID, func(models.MemberRole) error { return nil }))
	require.NoError(t, s.People.StartDevice(t.Context(), &models.DeviceLogin{ID: models.NewID(), Hash: []byte(p.ID), UserCode: p.ID, Account: p.AccountID,
		ExpiresAt: time.Now().Add(time.Hour)}))
	require.NoError(t, s.db.write(t.Context(), func(tx *tx) error {
		return tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: p.AccountID, Type: models.EventQuota, Data: models.JSON(`{}`)})
	}))
	for more := true; more; {
		_, _, more, err = s.Stream.Sequence(t.Context(), 100)
		require.NoError(t, err)
	}
	_, _, err = s.Audit.Chain(t.Context(), 100)
	require.NoError(t, err)
	require.NoError(t, s.Storage.NoteSince(t.Context(), time.Now().Add(-time.Hour), func(string) bool { return false }))
	now := s.db.dialect.timestamp(time.Now())
	hook := delivered(t, s, p, endpoint(t, s, p))
	require.NoError(t, s.db.w.Exec(`INSERT INTO webhook_attempts (id, account_id, delivery_id, destination, no, at, latency_ms, status, failure, message, response)
		VALUES (?, ?, ?, '', 1, ?, 0, 200, '', '', '')`, models.NewID(), p.AccountID, hook.ID, s.db.dialect.timestamp(time.Now())).Error)
	require.NoError(t, s.db.w.Exec("INSERT INTO webhook_targets (holder_id, account_id, url) VALUES (?, ?, 'x')", waits.ID, p.AccountID).Error)
	upload := anUpload(p.AccountID, 100)
	begun, err := s.Uploads.Create(t.Context(), upload, models.UploadLimits{Open: 1, Unknown: 1, Expiry: time.Hour, Reserved: 1000})
	require.NoError(t, err)
	require.True(t, begun)
	require.NoError(t, s.Uploads.Advance(t.Context(), upload, models.AssetPart{Begins: 0, Size: 40, File: models.NewID()}))
	for _, sql := range []string{
		"INSERT INTO answers (account_id, key, operation, fingerprint, resource) VALUES (?, 'k', 'x', 'x', 'x')",
		"INSERT INTO concurrency_line (account_id, concurrency_key, turn, holder_id) VALUES (?, 'k', 1, '" + waits.ID + "')",
		"INSERT INTO assets (id, account_id, name, kind, media_type, sha256, size) VALUES ('" + models.NewID() + "', ?, 'x.png', 'png', 'image/png', 'aa', 1)",
		"INSERT INTO templates (id, account_id, name, parameters, steps) VALUES ('" + models.NewID() + "', ?, 'x', '[]', '[]')",
		"INSERT INTO operations (id, account_id, action, filter, dry_run) VALUES ('" + models.NewID() + "', ?, 'cancel', '{}', true)",
		"INSERT INTO account_exports (account_id, token, renewed_at) VALUES (?, 'x', " + s.db.dialect.now() + ")",
		"INSERT INTO quota_notices (account_id, end_user, quota, percent, day) VALUES (?, 'fox', 'x', 80, 'x')",
	} {
		require.NoError(t, s.db.w.Exec(sql, p.AccountID).Error)
	}
	require.NoError(t, s.db.w.Exec(`INSERT INTO end_user_usage (account_id, end_user, kind, start, jobs, failures, p50_millis, p95_millis, tokens_in, tokens_out, bytes)
		VALUES (?, 'fox', 'build', ?, 1, 0, 1, 1, 1, 1, 1)`, p.AccountID, now).Error)
	require.NoError(t, s.db.w.Exec(`INSERT INTO usage (account_id, kind, period, start, jobs, failures, p50_millis, p95_millis, tokens_in, tokens_out, bytes)
		VALUES (?, 'build', 'day', ?, 1, 0, 1, 1, 1, 1, 1)`, p.AccountID, now).Error)
}
