package store

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// signIn signs somebody in.
func signIn(t *testing.T, s *Store, subject string, roles map[string]models.MemberRole) *models.User {
	t.Helper()
	user, err := s.People.SignIn(t.Context(), newSignIn(subject, roles))
	require.NoError(t, err)
	return user
}

func newSignIn(subject string, roles map[string]models.MemberRole) models.SignIn {
	id := models.NewID()
	return models.SignIn{Issuer: "https://login.example.com", Subject: subject, Granted: roles,
		Session: &models.Session{ID: id, Hash: []byte("hash of " + id), ExpiresAt: time.Now().Add(time.Hour)}}
}

func newTenant(t *testing.T, s *Store) string {
	t.Helper()
	a := &models.Account{ID: models.NewID(), Name: "tenant"}
	require.NoError(t, s.Accounts.CreateAccount(t.Context(), a))
	return a.ID
}

func anyRole(models.MemberRole) error { return nil }

// Two owners who leave at the same time do not leave the account without one.
func TestOwnersDoNotLeaveTogether(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		for range 5 {
			account := newTenant(t, s)
			users := []*models.User{}
			for _, name := range []string{"a", "b", "c"} {
				users = append(users, signIn(t, s, name+account, map[string]models.MemberRole{account: models.MemberOwner}))
			}
			errs := make([]error, len(users))
			var wg sync.WaitGroup
			for i, u := range users {
				wg.Go(func() {
					if i == 0 {
						errs[i] = s.People.ChangeMember(t.Context(), account, u.ID, models.MemberViewer, anyRole)
					} else {
						errs[i] = s.People.RemoveMember(t.Context(), account, u.ID, anyRole)
					}
				})
			}
			wg.Wait()
			refused := 0
			for _, err := range errs {
				if err != nil {
					require.Equal(t, models.CodeConflict, models.CodeOf(err))
					refused++
				}
			}
			require.Equal(t, 1, refused)
		}
	})
}

// An owner who is disabled is none that an account can be left to.
func TestDisabledOwnerDoesNotCount(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		account := newTenant(t, s)
		one := signIn(t, s, "one", map[string]models.MemberRole{account: models.MemberOwner})
		two := signIn(t, s, "two", map[string]models.MemberRole{account: models.MemberOwner})
		_, err := s.People.Disable(t.Context(), two.ID)
		require.NoError(t, err)
		require.Equal(t, models.CodeConflict, models.CodeOf(s.People.RemoveMember(t.Context(), account, one.ID, anyRole)))
		require.NoError(t, s.People.RemoveMember(t.Context(), account, two.ID, anyRole))
	})
}

// Of many who present a token at once, one is the first; and old tokens do not pile up.
func TestTokenIsSpentOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		old, err := s.People.Spend(t.Context(), []byte("old"), time.Now().Add(-time.Hour))
		require.NoError(t, err)
		require.True(t, old)
		var first atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if fresh, err := s.People.Spend(t.Context(), []byte("token"), time.Now().Add(time.Hour)); fresh && err == nil {
					first.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, first.Load())
		var left int
		require.NoError(t, s.db.w.Raw("SELECT count(*) FROM spent_tokens").Scan(&left).Error)
		require.Equal(t, 1, left)
	})
}

// A session is found while it lives, by its cookie and for a moment by the one before; and not when it is idle, too old, or its user disabled.
func TestSessionLives(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		account := newTenant(t, s)
		in := newSignIn("fox", map[string]models.MemberRole{account: models.MemberEditor})
		user, err := s.People.SignIn(t.Context(), in)
		require.NoError(t, err)
		find := func(hash []byte) *models.Session {
			found, err := s.People.SessionByHash(t.Context(), hash, time.Hour)
			if err != nil {
				require.Equal(t, models.CodeNotFound, models.CodeOf(err))
				return nil
			}
			return found
		}
		set := func(what string) { require.NoError(t, s.db.w.Exec("UPDATE sessions SET "+what).Error) }
		found := find(in.Session.Hash)
		require.Equal(t, user.ID, found.UserID)
		require.Equal(t, account, found.Memberships[0].AccountID)
		require.Equal(t, "tenant", found.Memberships[0].AccountName)
		require.False(t, found.Rotate)

		rotated, err := s.People.RotateSession(t.Context(), in.Session.ID, in.Session.Hash, []byte("fresh"))
		require.NoError(t, err)
		require.False(t, rotated, "it is not marked for it")
		require.NoError(t, s.People.ChangeMember(t.Context(), account, user.ID, models.MemberAdmin, anyRole))
		require.True(t, find(in.Session.Hash).Rotate)
		for i, want := range []bool{true, false} {
			rotated, err := s.People.RotateSession(t.Context(), in.Session.ID, in.Session.Hash, []byte("fresh"))
			require.NoError(t, err)
			require.Equal(t, want, rotated, i)
		}
		require.NotNil(t, find([]byte("fresh")))
		require.False(t, find(in.Session.Hash).Rotate)
		set("previous_until = created_at")
		require.Nil(t, find(in.Session.Hash))

		set("seen_at = " + s.db.dialect.nowPlus(micros(-61*time.Minute)))
		require.Nil(t, find([]byte("fresh")))
		require.NoError(t, s.People.SessionsSeen(t.Context(), []string{in.Session.ID}))
		require.NotNil(t, find([]byte("fresh")))
		set("expires_at = " + s.db.dialect.nowPlus(micros(-time.Second)))
		require.Nil(t, find([]byte("fresh")))
		signIn(t, s, "owl", nil)
		var left int
		require.NoError(t, s.db.w.Raw("SELECT count(*) FROM sessions").Scan(&left).Error)
		require.Equal(t, 1, left, "those that are too old are removed")
	})
}

// A person's key works as long as the membership and as far as the role goes, and does not come back with the membership.
func TestKeyOfAPerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		account := newTenant(t, s)
		signIn(t, s, "owner", map[string]models.MemberRole{account: models.MemberOwner})
		roles := map[string]models.MemberRole{account: models.MemberEditor}
		user := signIn(t, s, "fox", roles)
		key := &models.APIKey{ID: models.NewID(), AccountID: account, UserID: &user.ID, Name: "laptop", Role: models.RoleUser, Hash: []byte("hash")}
		require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), key))
		lookUp := func(ctx context.Context) (*models.APIKey, error) { return s.Accounts.APIKeyByHash(ctx, key.Hash) }
		found, err := lookUp(t.Context())
		require.NoError(t, err)
		require.Equal(t, models.MemberEditor, found.Member)
		require.NoError(t, s.People.ChangeMember(t.Context(), account, user.ID, models.MemberViewer, anyRole))
		found, err = lookUp(t.Context())
		require.NoError(t, err)
		require.Equal(t, models.MemberViewer, found.Member)
		require.NoError(t, s.People.RemoveMember(t.Context(), account, user.ID, anyRole))
		signIn(t, s, "fox", roles)
		_, err = lookUp(t.Context())
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	})
}
