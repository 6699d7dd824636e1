package store

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// committed is a revision with one file, which becomes a project's current one.
func committed(t *testing.T, s *Store, p *models.Project, digest string, size int64) (*models.Revision, error) {
	t.Helper()
	m := models.Manifest{{Path: "a", SHA256: strings.Repeat(digest, 32), Size: size, MediaType: "text/plain"}}
	return s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(*models.Revision) (*models.Revision, error) {
		return &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Title: "x", Prompt: "a fox", Manifest: m, Digest: m.Digest()}, nil
	})
}

func TestProjectIsTransferred(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, to, other := tenant(t, s), tenant(t, s), tenant(t, s)
		rev, err := committed(t, s, p, "aa", 100)
		require.NoError(t, err)
		_, err = committed(t, s, to, "bb", 7)
		require.NoError(t, err)
		require.NoError(t, s.Storage.NoteSince(t.Context(), time.Now().Add(-time.Hour), func(string) bool { return false }))
		done := claim(t, s, p, submit1(t, s, p))
		art := &models.Artifact{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, RevisionID: rev.ID, JobID: done.ID, Kind: models.ArtifactBuild,
			Engine: "phaser", Mode: models.ModeRelease, Format: "web", Digest: sum,
			Manifest: models.Manifest{{Path: "b", SHA256: strings.Repeat("bb", 32), Size: 7, MediaType: "text/plain"}}}
		transfer := models.Transfer{ProjectID: p.ID, AccountID: p.AccountID, To: to.AccountID}
		refused := func(code models.Code, change func(*models.Transfer)) {
			t.Helper()
			tr := transfer
			if change != nil {
				change(&tr)
			}
			_, err := s.Projects.TransferProject(t.Context(), tr)
			require.Equal(t, code, models.CodeOf(err), "%v", err)
		}
		refused(models.CodeProjectInUse, nil)
		_, err = s.Ledger.Finish(t.Context(), done.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Artifact: art}})
		require.NoError(t, err)
		schedule := &models.AccountSchedule{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Name: "x", Cron: "@daily", TimeZone: "UTC",
			Overlap: "skip", Misfire: "skip", Target: models.JSON(`{}`), NextRunAt: time.Now(), CountedFrom: time.Now()}
		require.NoError(t, s.Schedules.Create(t.Context(), schedule, 0))
		refused(models.CodeProjectInUse, nil)
		require.NoError(t, s.Schedules.Delete(t.Context(), p.AccountID, schedule.ID))
		refused(models.CodeInvalidRequest, func(tr *models.Transfer) { tr.To = models.NewID() })
		refused(models.CodeInvalidRequest, func(tr *models.Transfer) { tr.To = models.SystemAccountID })
		refused(models.CodeNotFound, func(tr *models.Transfer) { tr.AccountID = other.AccountID })
		refused(models.CodeForbidden, func(tr *models.Transfer) { tr.OwnerID = models.NewID() })
		for _, role := range []models.MemberRole{models.MemberAdmin, models.MemberOwner} {
			user, err := s.People.SignIn(t.Context(), models.SignIn{Issuer: "https://i", Subject: "fox", Granted: map[string]models.MemberRole{
				p.AccountID: models.MemberOwner, to.AccountID: role, other.AccountID: models.MemberViewer},
				Session: &models.Session{ID: models.NewID(), Hash: []byte(role), ExpiresAt: time.Now().Add(time.Hour)}})
			require.NoError(t, err)
			transfer.OwnerID = user.ID
			if role != models.MemberOwner {
				refused(models.CodeForbidden, nil)
			}
		}
		refused(models.CodeForbidden, func(tr *models.Transfer) { tr.To = other.AccountID })
		_, err = s.Accounts.ChangeAccount(t.Context(), to.AccountID, func(a *models.Account) error { a.State = models.AccountSuspended; return nil })
		require.NoError(t, err)
		refused(models.CodeAccountSuspended, nil)
		_, err = s.Accounts.ChangeAccount(t.Context(), to.AccountID, func(a *models.Account) error { a.State = models.AccountActive; return nil })
		require.NoError(t, err)

		key := &models.APIKey{ID: models.NewID(), AccountID: p.AccountID, Role: models.RoleUser, ProjectID: p.ID, Hash: []byte("of the project")}
		require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), key))
		more, err := s.Projects.ProjectBytes(t.Context(), to.AccountID, p.ID)
		require.NoError(t, err)
		require.Equal(t, int64(100), more, "the other account has one of the files")
		moved, err := s.Projects.TransferProject(t.Context(), transfer)
		require.NoError(t, err)
		require.Equal(t, to.AccountID, moved.AccountID)
		require.Equal(t, rev.ID, moved.RevisionID)

		// All of it is there, and nothing here but what was used.
		_, err = s.Projects.Project(t.Context(), p.AccountID, p.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.Projects.Revision(t.Context(), p.AccountID, rev.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.Artifacts.Artifact(t.Context(), p.AccountID, art.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		there, err := s.Projects.Revision(t.Context(), to.AccountID, rev.ID)
		require.NoError(t, err)
		require.Equal(t, "a fox", there.Prompt)
		_, err = s.Artifacts.Artifact(t.Context(), to.AccountID, art.ID)
		require.NoError(t, err)
		_, err = s.Accounts.KeyOf(t.Context(), p.AccountID, key.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		require.Equal(t, done.ID, state(t, s, done).ID)
		_, err = s.Jobs.Job(t.Context(), to.AccountID, done.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))

		// Both accounts count what they have, at once or with the next recount.
		stored := func(account string) int64 {
			spent, err := s.Spending.Spent(t.Context(), account, "")
			require.NoError(t, err)
			return spent.Stored
		}
		require.Equal(t, int64(107), stored(to.AccountID))
		require.NoError(t, s.db.w.Exec("UPDATE account_files SET noted_at = ?", s.db.dialect.timestamp(time.Now().Add(-time.Hour))).Error)
		for account, bytes := range map[string]int64{p.AccountID: 0, to.AccountID: 107} {
			require.NoError(t, s.Storage.Recount(t.Context(), account))
			require.Equal(t, bytes, stored(account))
		}

		// What is submitted, retried or committed for the account that had it, is refused.
		err = s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(p, models.KindBuild, models.StateQueued)}})
		require.ErrorIs(t, err, jobs.ErrNoProject)
		require.NoError(t, s.db.w.Exec("UPDATE jobs SET state = 'failed' WHERE id = ?", done.ID).Error)
		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, done.ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		_, err = committed(t, s, p, "cc", 1)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = committed(t, s, moved, "cc", 1)
		require.NoError(t, err)

		// Both have an entry of the audit, and an event.
		for account, action := range map[string]string{p.AccountID: "project.transfer", to.AccountID: "project.receive"} {
			entries, err := s.Audit.Entries(t.Context(), account, models.AuditFilter{Action: action}, models.Page{Limit: 10})
			require.NoError(t, err)
			require.Len(t, entries, 1)
			require.Equal(t, p.ID, entries[0].ResourceID)
			var told int
			require.NoError(t, s.db.r.Raw("SELECT count(*) FROM account_events WHERE account_id = ? AND type = ?", account,
				models.EventProjectTransferred).Scan(&told).Error)
			require.Equal(t, 1, told)
		}
	})
}

// Jobs that are submitted and changes that are made while a project is transferred are either before it, or refused: the account that had it never has open
// jobs or revisions of it afterwards.
func TestTransferMeetsSubmissionsAndCommits(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		for range 5 {
			p, to := tenant(t, s), tenant(t, s)
			_, err := committed(t, s, p, "aa", 1)
			require.NoError(t, err)
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					for range 5 {
						_ = s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(p, models.KindBuild, models.StateQueued)}})
					}
				})
				all.Go(func() { _, _ = committed(t, s, p, "bb", 1) })
			}
			var moved error
			all.Go(func() {
				_, moved = s.Projects.TransferProject(t.Context(), models.Transfer{ProjectID: p.ID, AccountID: p.AccountID, To: to.AccountID})
			})
			all.Wait()
			var open, revisions int
			require.NoError(t, s.db.r.Raw("SELECT count(*) FROM jobs WHERE project_id = ? AND finished_at IS NULL", p.ID).Scan(&open).Error)
			require.NoError(t, s.db.r.Raw("SELECT count(*) FROM revisions WHERE project_id = ? AND account_id = ?", p.ID, p.AccountID).Scan(&revisions).Error)
			if moved == nil {
				require.Zero(t, open)
				require.Zero(t, revisions)
			} else {
				require.Equal(t, models.CodeProjectInUse, models.CodeOf(moved), "%v", moved)
				require.NotZero(t, open)
			}
		}
	})
}
