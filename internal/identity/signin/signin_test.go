package signin

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestMisconfiguredIssuers(t *testing.T) {
	t.Parallel()
	base := &url.URL{Scheme: "https", Host: "spark.example.com"}
	good := Issuer{Name: "sso", URL: "https://login.example.com", ClientID: "spark"}
	account := models.NewID()
	for want, change := range map[string]func(i *Issuer){
		"small letters": func(i *Issuer) { i.Name = "../x" },
		"such as":       func(i *Issuer) { i.URL = "login.example.com" },
		"except on":     func(i *Issuer) { i.URL = "http://login.example.com" },
		"no client id":  func(i *Issuer) { i.ClientID = "" },
		"or for a group": func(i *Issuer) {
			i.Rules = []Rule{{Domain: "example.com", Group: "x", AccountID: account, Role: models.MemberViewer}}
		},
		"by hand": func(i *Issuer) {
			i.Rules = []Rule{{Domain: "example.com", AccountID: account, Role: models.MemberOwner}}
		},
		"id of an account": func(i *Issuer) { i.Rules = []Rule{{Group: "x", AccountID: "x", Role: models.MemberViewer}} },
		"domain such as": func(i *Issuer) {
			i.Rules = []Rule{{Domain: "@example.com", AccountID: account, Role: models.MemberViewer}}
		},
		"admin, editor or viewer": func(i *Issuer) { i.Rules = []Rule{{Group: "x", AccountID: account, Role: "king"}} },
	} {
		bad := good
		change(&bad)
		_, err := New([]Issuer{bad}, base, nil, nil)
		require.ErrorContains(t, err, want)
	}
	_, err := New([]Issuer{good, good}, base, nil, nil)
	require.ErrorContains(t, err, "twice")
	p, err := New([]Issuer{good, {Name: "local", URL: "http://127.0.0.1:1/x", ClientID: "spark", Title: "Here"}}, base, nil, nil)
	require.NoError(t, err)
	require.Equal(t, []Choice{{"sso", "login.example.com"}, {"local", "Here"}}, p.Choices())
}

// What comes back from a browser was sealed here, or is refused.
func TestSeal(t *testing.T) {
	t.Parallel()
	s := newSealer([]byte("pepper"))
	text, err := s.seal(flow{State: "x"})
	require.NoError(t, err)
	f, err := s.open(text)
	require.NoError(t, err)
	require.Equal(t, "x", f.State)
	other, err := newSealer([]byte("salt")).seal(flow{State: "x"})
	require.NoError(t, err)
	for _, bad := range []string{"", "x", other, text[1:], text[:len(text)-2], strings.ToUpper(text)} {
		_, err := s.open(bad)
		require.ErrorIs(t, err, errSeal)
	}
}

func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "//x", "/\\x", "/a?b#c", "http://x", "/\t/x", "", "/%2f/x"} {
		f.Add(seed)
	}
	base := &url.URL{Scheme: "https", Host: "spark.example.com"}
	f.Fuzz(func(t *testing.T, to string) {
		u, err := base.Parse(LocalPath(to))
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
			t.Errorf("%q leads to %v (%v)", to, u, err)
		}
	})
}
