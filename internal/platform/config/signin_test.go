package config

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// Providers send browsers back to an address that is known, and is encrypted unless it is this machine's.
func TestSignInURL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ addr, public, want string }{
		{"127.0.0.1:8080", "", "http://127.0.0.1:8080"},
		{"localhost:8080", "", "http://localhost:8080"},
		{"127.0.0.1:0", "", ""},
		{":8080", "", ""},
		{"10.0.0.1:8080", "", ""},
		{":8080", "https://games.example.com", "https://games.example.com"},
	} {
		u := (&Config{HTTP: HTTP{Addr: tt.addr, PublicURL: tt.public}}).SignInURL()
		if tt.want == "" {
			require.Nil(t, u, tt)
		} else {
			require.Equal(t, tt.want, u.String())
		}
	}
}

// What cannot work stops the start, and says where it is.
func TestSignInIsChecked(t *testing.T) {
	t.Parallel()
	account := models.NewID()
	good := func() *Config {
		return &Config{HTTP: HTTP{Addr: "127.0.0.1:8080"}, Session: Session{Idle: leastIdle, Life: leastIdle}, Issuers: []Issuer{{Name: "sso",
			URL: "https://login.example.com", ClientID: "spark", Groups: map[string]string{"cn=staff": account + ":admin"}}}}
	}
	check := func(c *Config) (found []string) {
		c.checkSignIn(func(setting, _ string) { found = append(found, setting) })
		return found
	}
	require.Empty(t, check(good()))
	for want, change := range map[string]func(c *Config){
		"session.idle":                func(c *Config) { c.Session.Idle-- },
		"session.life":                func(c *Config) { c.Session.Life-- },
		"oidc.issuers[sso].issuer":    func(c *Config) { c.Issuers[0].URL = "" },
		"oidc.issuers[sso].client_id": func(c *Config) { c.Issuers[0].ClientID = "" },
		"oidc.issuers[sso].groups":    func(c *Config) { c.Issuers[0].Groups["x"] = account + ":owner" },
		"oidc.issuers[sso].domains":   func(c *Config) { c.Issuers[0].Domains = map[string]string{"x": "viewer"} },
		"http.public_url":             func(c *Config) { c.HTTP.Addr = ":8080" },
	} {
		c := good()
		change(c)
		require.Equal(t, []string{want}, check(c))
	}
	c := good()
	c.HTTP.PublicURL = "http://games.example.com"
	require.Equal(t, []string{"http.public_url"}, check(c))
	c.Issuers = nil
	require.Empty(t, check(c))
}
