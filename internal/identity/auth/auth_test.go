package auth

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestNewKey(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for range 100 {
		plain, prefix := NewKey()
		if !Valid(plain) || !strings.HasPrefix(plain, prefix) || len(prefix) != 12 || seen[plain] {
			t.Fatalf("bad key %q (%q)", plain, prefix)
		}
		seen[plain] = true
	}
}

// Every typo of one character, and every swap of two neighbours, is noticed.
func TestValidNoticesTypos(t *testing.T) {
	t.Parallel()
	plain, _ := NewKey()
	for i := range plain {
		for _, c := range "aZ0_-é" {
			if typo := plain[:i] + string(c) + plain[i+1:]; typo != plain && Valid(typo) {
				t.Errorf("%q passes for %q", typo, plain)
			}
		}
		if i > 0 {
			swapped := plain[:i-1] + plain[i:i+1] + plain[i-1:i] + plain[i+1:]
			if swapped != plain && Valid(swapped) {
				t.Errorf("%q passes for %q", swapped, plain)
			}
		}
	}
	for _, bad := range []string{"", "spark_", plain + "0", plain[1:], " " + plain, strings.ToUpper(plain)} {
		if Valid(bad) {
			t.Errorf("%q is valid", bad)
		}
	}
}

func TestHashDependsOnPepper(t *testing.T) {
	t.Parallel()
	a, b := Hash([]byte("a"), "spark_x"), Hash([]byte("b"), "spark_x")
	if bytes.Equal(a, b) || len(a) != 32 || !bytes.Equal(a, Hash([]byte("a"), "spark_x")) {
		t.Fatalf("%x %x", a, b)
	}
}

func TestFromRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, header, value, want string }{
		{"bearer", "Authorization", "Bearer k", "k"},
		{"lower case", "Authorization", "bearer k", "k"},
		{"own header", "X-API-Key", "k", "k"},
		{"basic is not for the API", "Authorization", "Basic azpr", ""},
		{"nothing", "Accept", "k", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(tt.header, tt.value)
		if got := FromRequest(r); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// keyTable is a table of keys that counts how often it is asked.
type keyTable struct {
	keys  map[string]*models.APIKey
	asked int
	err   error
}

func (k *keyTable) APIKeyByHash(_ context.Context, hash []byte) (*models.APIKey, error) {
	k.asked++
	if k.err != nil {
		return nil, k.err
	}
	if key, ok := k.keys[string(hash)]; ok {
		c := *key
		return &c, nil
	}
	return nil, models.NewError(models.CodeNotFound, "no such key")
}

func (k *keyTable) Rehash(_ context.Context, old []byte, to *models.APIKey) error {
	delete(k.keys, string(old))
	k.keys[string(to.Hash)] = to
	return nil
}

// A key that was hashed with an earlier pepper works, and is hashed with the current one when it is used.
func TestKeysFollowThePepper(t *testing.T) {
	t.Parallel()
	peppers := NewPeppers([]byte("first"))
	plain, _ := NewKey()
	key := &models.APIKey{ID: "k1", AccountID: "a1", Role: models.RoleUser}
	peppers.Seal(key, plain)
	table := &keyTable{keys: map[string]*models.APIKey{string(key.Hash): key}}
	works := func(p *Peppers) bool {
		id, err := NewAuthenticator(table, p, nil).Authenticate(t.Context(), plain)
		if err != nil {
			require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
		}
		return err == nil && id.KeyID == "k1"
	}
	require.True(t, works(peppers))
	require.False(t, works(NewPeppers([]byte("second"))), "nothing tells that it was the first")
	require.True(t, works(NewPeppers([]byte("first"), []byte("second"))))
	require.True(t, works(NewPeppers([]byte("third"), []byte("second"), []byte("first"))))
	require.True(t, works(NewPeppers([]byte("third"))), "it was hashed again")
	require.False(t, works(peppers))
	for _, k := range table.keys {
		require.Equal(t, PepperCheck([]byte("third")), k.Pepper)
	}
	other, _ := NewKey()
	_, err := NewAuthenticator(table, NewPeppers([]byte("third"), []byte("first")), nil).Authenticate(t.Context(), other)
	require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
	table.err = errors.New("the database is away")
	_, err = NewAuthenticator(table, NewPeppers([]byte("third"), []byte("first")), nil).Authenticate(t.Context(), plain)
	require.ErrorIs(t, err, table.err)
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	pepper := []byte("pepper")
	plain, _ := NewKey()
	hash := Hash(pepper, plain)
	table := &keyTable{keys: map[string]*models.APIKey{
		string(hash): {ID: "k1", AccountID: "a1", Role: models.RoleAdmin, Hash: hash},
	}}
	now := time.Now()
	a := NewAuthenticator(table, NewPeppers(pepper), nil)
	a.cache.Now = func() time.Time { return now }
	check := func(plain string, want models.Code, asked int) {
		t.Helper()
		id, err := a.Authenticate(t.Context(), plain)
		switch {
		case want == "" && (err != nil || id != Identity{AccountID: "a1", KeyID: "k1", Role: models.RoleAdmin}):
			t.Fatalf("%v %v", id, err)
		case want != "" && (models.CodeOf(err) != want || id != Identity{}):
			t.Fatalf("%v %v, want %s", id, err, want)
		}
		if table.asked != asked {
			t.Fatalf("asked %d times, want %d", table.asked, asked)
		}
	}
	check(plain, "", 1)
	check(plain, "", 1)                             // cached
	check(plain+"x", models.CodeUnauthorized, 1)    // mistyped: the database is not asked
	other, _ := NewKey()                            // well formed, but unknown
	check(other, models.CodeUnauthorized, 2)        //
	table.keys[string(hash)].RevokedAt = &now       // revoked…
	now = now.Add(cacheFor - 1)                     //
	check(plain, "", 2)                             // …not noticed yet
	now = now.Add(1)                                //
	check(plain, models.CodeUnauthorized, 3)        // …noticed
	table.keys[string(hash)].RevokedAt = nil        //
	table.err = models.NewError("unavailable", "x") // the store is down
	check(plain, models.CodeUnavailable, 4)
	table.err = errors.New("boom")
	check(plain, models.CodeInternal, 5)
}

func FuzzValid(f *testing.F) {
	plain, _ := NewKey()
	f.Add(plain)
	f.Add("spark_é")
	f.Fuzz(func(t *testing.T, s string) {
		if Valid(s) && checksum(s[:keyChars-sumChars]) != s[keyChars-sumChars:] {
			t.Errorf("%q", s)
		}
	})
}
