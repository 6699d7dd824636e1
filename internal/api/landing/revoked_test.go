package landing

import (
	"database/sql"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// A link and a session are valid only as long as their key. The key has not been used before, so no cache knows it.
func TestRevokedKeySignsNobodyIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	secret := s.sessions.Link(s.id)
	session, ok := s.sessions.Redeem(s.sessions.Link(s.id))
	require.True(t, ok)
	db, err := sql.Open("sqlite", "file:"+s.database+"?_pragma=busy_timeout(10000)")
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "UPDATE api_keys SET revoked_at = CURRENT_TIMESTAMP")
	require.NoError(t, err)

	signedIn := "Cookie: " + cookie + "=" + session
	require.Equal(t, 401, s.do("POST", "/landing/games", `{"prompt":"a fox","engine":"phaser"}`, signedIn).StatusCode)
	raw, err := io.ReadAll(s.do("GET", "/landing/status", "", signedIn).Body)
	require.NoError(t, err)
	require.JSONEq(t, `{"signed_in": false, "may_sign_in": true}`, string(raw))
	res := s.do("POST", "/landing/session", `{"link":"`+secret+`"}`)
	require.Equal(t, 401, res.StatusCode)
	require.Empty(t, res.Cookies)
}

// A stream that is open when the key is revoked, or its browser signs out, ends within moments.
func TestStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *site, session string){
		"revoked": func(s *site, _ string) { require.NoError(t, s.store.Accounts.RevokeAPIKey(t.Context(), s.id.KeyID)) },
		"signed out": func(s *site, session string) {
			require.Less(t, s.do("DELETE", "/landing/session", "", session).StatusCode, 300)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			session := s.signIn()
			var made struct{ Events string }
			require.NoError(t, json.NewDecoder(s.do("POST", "/landing/games", `{"prompt":"a fox","engine":"phaser"}`, session).Body).Decode(&made))
			ended := make(chan answer, 1)
			go func() { ended <- s.do("GET", made.Events, "", session) }()
			require.Eventually(t, func() bool { return s.hub.Watched() == 1 }, 10*time.Second, time.Millisecond)
			end(s, session)
			select {
			case res := <-ended:
				require.Equal(t, 200, res.StatusCode)
			case <-time.After(10 * time.Second):
				t.Fatal("the stream goes on")
			}
		})
	}
}

// A key without the scopes of the API cannot use the page either.
func TestPageNeedsTheScopes(t *testing.T) {
	t.Parallel()
	require.Equal(t, models.CodeForbidden, models.CodeOf(mayUse(auth.Identity{Role: "watcher"})))
	require.NoError(t, mayUse(auth.Identity{Role: models.RoleUser}))
}
