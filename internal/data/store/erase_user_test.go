package store

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Nothing that tells who somebody is, is left of a person who is erased; their id is nobody's. The same person is a new user when they sign in again.
func TestUserIsErased(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		account := p.AccountID
		signIn := func(subject string, roles map[string]models.MemberRole) *models.User {
			t.Helper()
			u, err := s.People.SignIn(t.Context(), models.SignIn{Issuer: "https://login.example.com", Subject: subject, Email: subject + "@example.com", Name: subject + " fox",
				Granted: roles, Session: &models.Session{ID: models.NewID(), Hash: []byte(models.NewID()), Browser: subject, ExpiresAt: time.Now().Add(time.Hour)}})
			require.NoError(t, err)
			return u
		}
		user := signIn("zebra", map[string]models.MemberRole{account: models.MemberOwner, other.AccountID: models.MemberEditor})
		key := &models.APIKey{ID: models.NewID(), AccountID: account, UserID: &user.ID, Name: "zebra's laptop", Role: models.RoleOwner, Hash: []byte("k")}
		require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), key))
		require.NoError(t, s.People.CreateInvitation(t.Context(), &models.Invitation{ID: models.NewID(), AccountID: account, Role: models.MemberViewer,
			Email: "Zebra@example.com", Hash: []byte("i"), ExpiresAt: time.Now().Add(time.Hour)}))
		acting := models.ActBy(t.Context(), models.Actor{Kind: models.ActorSession, AccountID: account, UserID: user.ID, Address: "192.0.2.7"})
		require.NoError(t, s.Projects.DeleteProject(acting, account, p.ID))
		require.NoError(t, s.Projects.RestoreProject(t.Context(), account, p.ID))
		job := newJob(p, models.KindBuild, models.StateQueued)
		job.Submitter = models.SubmitterFrom(acting)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{job}}))
		require.NoError(t, s.People.StartDevice(t.Context(), &models.DeviceLogin{ID: models.NewID(), Hash: []byte("d"), UserCode: "BCDFGHJK", Name: "zebra's phone",
			Address: "192.0.2.7", ExpiresAt: time.Now().Add(time.Hour)}))
		require.NoError(t, s.People.ApproveDevice(t.Context(), "BCDFGHJK", user.ID, account))
		_, _, err := s.Audit.Chain(t.Context(), 100)
		require.NoError(t, err)

		// The last owner stays.
		err = s.Erasure.EraseUser(acting, user.ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		require.NotEmpty(t, rowsWith(t, s, "192.0.2.7")["jobs"], "nothing was erased")
		signIn("owner", map[string]models.MemberRole{account: models.MemberOwner})

		require.NoError(t, s.Erasure.EraseUser(models.ActBy(t.Context(), models.Actor{Kind: models.ActorSession, UserID: user.ID, Address: "192.0.2.7"}), user.ID))
		require.NoError(t, s.Erasure.EraseUser(t.Context(), user.ID))
		require.Equal(t, models.CodeNotFound, models.CodeOf(s.Erasure.EraseUser(t.Context(), models.NewID())))
		for _, personal := range []string{"zebra", "Zebra", "192.0.2.7"} {
			require.Empty(t, rowsWith(t, s, personal), personal)
		}
		for table := range rowsWith(t, s, user.ID) { // as an id of nobody
			require.True(t, slices.Contains([]string{"users", "api_keys", "audit_entries", "jobs"}, table), table)
		}
		require.Zero(t, count(t, s, "memberships", "user_id = ?", user.ID))
		_, err = s.Accounts.APIKey(t.Context(), key.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.People.User(t.Context(), user.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.People.Enable(t.Context(), user.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		users, err := s.People.Users(t.Context(), models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, users, 1)
		_, _, err = s.Audit.Chain(t.Context(), 100)
		require.NoError(t, err)
		for _, chain := range []string{account, other.AccountID, models.SystemAccountID} {
			require.NoError(t, verify(t, s, chain))
		}
		require.Equal(t, 2, count(t, s, "audit_entries", "action = 'member.erase'"))
		require.Equal(t, 1, count(t, s, "audit_entries", "action = 'user.erase' AND account_id = ?", models.SystemAccountID))

		again := signIn("zebra", nil)
		require.NotEqual(t, user.ID, again.ID)
		memberships, err := s.People.Memberships(t.Context(), again.ID)
		require.NoError(t, err)
		require.Empty(t, memberships)
	})
}
