package config

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/spark-games/spark/models"
)

// TLS is the certificate of the API; without one it speaks plain HTTP.
type TLS struct {
	CertFile     string `set:"cert_file" help:"PEM of the API's certificate and those that it was issued with; without it, plain HTTP"`
	KeyFile      string `set:"key_file" help:"PEM of the certificate's key"`
	ACME         ACME   `set:"acme"`
	RedirectAddr string `set:"redirect_addr" help:"address where plain HTTP is answered with a redirect to the API"`
	HSTS         Age    `set:"hsts" default:"180d" help:"how long browsers are told to come by https only; 0 tells them nothing"`
}

// ACME is how the API has its certificate issued, instead of reading it from files.
type ACME struct {
	Hosts     []string      `set:"hosts" help:"names of the API that an ACME authority issues certificates for, instead of files"`
	Directory string        `set:"directory" help:"URL of the authority's directory; without it, Let's Encrypt"`
	Email     string        `set:"email" help:"address that the authority may write to"`
	CAFile    string        `set:"ca_file" help:"PEM of what the authority's own certificate was issued with, if it is not a public one"`
	Folder    string        `set:"dir" help:"folder of the issued certificates and their keys; without it, acme in the data folder"`
	KeyID     string        `set:"eab_key_id" help:"id of the account at the authority, if it asks for one (external account binding)"`
	MACKey    models.Secret `set:"eab_key" help:"the key of that account, in base64url"`
}

// On reports whether the API speaks TLS.
func (t TLS) On() bool { return t.CertFile != "" || len(t.ACME.Hosts) > 0 }

func (t TLS) check(bad func(setting, why string)) {
	pair("tls", t.CertFile, t.KeyFile, bad)
	switch {
	case t.CertFile != "" && len(t.ACME.Hosts) > 0:
		bad("tls.acme.hosts", "is for certificates that are not in files, and tls.cert_file is set")
	case !t.On() && t.RedirectAddr != "":
		bad("tls.redirect_addr", "redirects to an API without TLS: neither tls.cert_file nor tls.acme.hosts is set")
	}
	t.ACME.check(bad)
}

func (a ACME) check(bad func(setting, why string)) {
	for _, host := range a.Hosts {
		if !strings.Contains(host, ".") || strings.ContainsAny(host, "*:/ ") {
			bad("tls.acme.hosts", "has "+host+", which is not a name such as games.example.com")
		}
	}
	if u, err := url.Parse(a.Directory); err != nil || a.Directory != "" && (u.Scheme != "https" || u.Host == "") {
		bad("tls.acme.directory", "is not an https URL")
	}
	if _, err := a.MAC(); err != nil {
		bad("tls.acme.eab_key", "is not base64url")
	}
	switch {
	case a.KeyID != "" && a.MACKey.IsZero():
		bad("tls.acme.eab_key", "is required with tls.acme.eab_key_id")
	case a.KeyID == "" && !a.MACKey.IsZero():
		bad("tls.acme.eab_key_id", "is required with tls.acme.eab_key")
	}
}

// MAC is the key of the account at the authority.
func (a ACME) MAC() ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(a.MACKey.Reveal(), "="))
}

// MetricsTLS is what a worker and a scheduler serve their metrics with.
type MetricsTLS struct {
	CertFile     string `set:"cert_file" help:"PEM of the certificate with which a worker or a scheduler serves metrics; without it, plain HTTP"`
	KeyFile      string `set:"key_file" help:"PEM of the certificate's key"`
	ClientCAFile string `set:"client_ca_file" help:"PEM of what the certificates were issued with that readers of metrics have to show"`
}

func (m MetricsTLS) check(bad func(setting, why string)) {
	pair("metrics", m.CertFile, m.KeyFile, bad)
	if m.ClientCAFile != "" && m.CertFile == "" {
		bad("metrics.client_ca_file", "is of no use without metrics.cert_file")
	}
}

// RedisTLS is what a process shows to Redis, and trusts it by, with a URL that begins with "rediss://".
type RedisTLS struct {
	CAFile   string `set:"ca_file" help:"PEM of what Redis' certificate was issued with, if it is not a public one; needs rediss://"`
	CertFile string `set:"cert_file" help:"PEM of the certificate that Redis is shown"`
	KeyFile  string `set:"key_file" help:"PEM of that certificate's key"`
}

func (r RedisTLS) check(redisURL string, bad func(setting, why string)) {
	pair("redis", r.CertFile, r.KeyFile, bad)
	if r != (RedisTLS{}) && !strings.HasPrefix(redisURL, "rediss://") {
		bad("redis.url", `begins with "rediss://" if there are certificates for it`)
	}
}

// pair complains about a certificate without its key, and the other way round.
func pair(group, cert, key string, bad func(setting, why string)) {
	switch {
	case cert != "" && key == "":
		bad(group+".key_file", "is required with "+group+".cert_file")
	case cert == "" && key != "":
		bad(group+".cert_file", "is required with "+group+".key_file")
	}
}
