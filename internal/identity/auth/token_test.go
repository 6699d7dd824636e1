package auth

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// holder is a key that is looked up by its id.
type holder struct {
	id  Identity
	err error
}

func (h *holder) Holder(context.Context, string) (Identity, error) { return h.id, h.err }

type noAccounts struct{}

func (noAccounts) Standing(context.Context, string) (models.Standing, error) {
	return models.Standing{}, models.NewError(models.CodeNotFound, "no such account")
}

// A token may do what both its access and its key allow, at its place, until its time.
func TestTokenIsNarrowerThanItsKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		key := &holder{id: Identity{AccountID: "a", KeyID: "k", Role: models.RoleUser}}
		tokens := &Tokens{Holders: key, Accounts: noAccounts{}, Peppers: NewPeppers([]byte("pepper"))}
		place := models.Place{ProjectID: "p"}
		made := Token{AccountID: "a", KeyID: "k", Access: models.AccessEdit, Within: place, EndUser: "fox", Until: time.Now().Add(time.Minute).Unix()}
		text := tokens.Make(made)
		require.True(t, IsToken(text))
		require.False(t, Valid(text))

		id, err := tokens.Authenticate(t.Context(), text)
		require.NoError(t, err)
		require.Equal(t, place, id.Within)
		require.Equal(t, "fox", id.EndUser)
		require.True(t, id.Has(ScopeJobsWrite))
		require.False(t, id.Has(ScopeAccountRead), "the access does not have it")
		require.False(t, id.Has(ScopeTokensWrite))

		key.id.Role = models.RoleViewer // its key may do less than before
		id, err = tokens.Authenticate(t.Context(), text)
		require.NoError(t, err)
		require.True(t, id.Has(ScopeJobsRead))
		require.False(t, id.Has(ScopeJobsWrite))
		key.id.Scopes = "usage:read" // nothing is left, which must not mean everything
		_, err = tokens.Authenticate(t.Context(), text)
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
		key.id.Scopes = ""

		key.id.Within = models.Place{ProjectID: "another"}
		_, err = tokens.Authenticate(t.Context(), text)
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
		key.id.Within = models.Place{}

		key.err = errRefused
		_, err = tokens.Authenticate(t.Context(), text)
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
		key.err = nil

		others := made
		others.AccountID = "b"
		_, err = tokens.Authenticate(t.Context(), tokens.Make(others))
		require.Equal(t, models.CodeForbidden, models.CodeOf(err), "the key does not act for other accounts")
		_, err = (&Tokens{Holders: key, Accounts: noAccounts{}, Peppers: NewPeppers([]byte("another"))}).Authenticate(t.Context(), text)
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))

		time.Sleep(time.Minute)
		_, err = tokens.Authenticate(t.Context(), text)
		require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
	})
}

// No text is a token but those that were made with the pepper.
func FuzzToken(f *testing.F) {
	tokens := &Tokens{Peppers: NewPeppers([]byte("pepper"))}
	made := tokens.Make(Token{AccountID: "a", KeyID: "k", Access: models.AccessRead, Within: models.Place{JobID: "j"}, Until: 1 << 40})
	f.Add(made)
	f.Add(strings.Replace(made, ".", "..", 1))
	f.Add("sparkt_e30.")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := tokens.read(text); err == nil && text != made {
			t.Errorf("%q", text)
		}
	})
}
