package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"github.com/spark-games/spark/internal/platform/certs"
	"github.com/spark-games/spark/internal/platform/config"
)

// secure has a site speak TLS if there is a certificate, and redirects those who come by plain HTTP.
func (a *api) secure(ctx context.Context, s *site, public *url.URL) error {
	c := a.cfg.TLS
	if !c.On() {
		return nil
	}
	cert, err := a.certificate(c)
	if err != nil {
		return fmt.Errorf("TLS: %w", err)
	}
	s.tls = cert.Config()
	s.handler = strict(time.Duration(c.HSTS), s.handler)
	if c.RedirectAddr != "" {
		inTheClear := redirect(public, s.address)
		if issued, ok := cert.(*certs.Issued); ok {
			inTheClear = issued.Challenges(inTheClear)
		}
		if _, err = a.serve(ctx, site{name: "redirect", setting: "SPARK_TLS_REDIRECT_ADDR", address: c.RedirectAddr, through: s.through,
			handler: inTheClear, before: func() {}}); err != nil {
			return err
		}
	}
	s.serving = func() { a.group.Go("certificate", cert.Run) }
	return nil
}

// certificates are what a server shows.
type certificates interface {
	Config() *tls.Config
	Run(ctx context.Context)
}

func (a *api) certificate(c config.TLS) (certificates, error) {
	log := a.log.Named("tls")
	if c.CertFile != "" {
		return certs.Open(c.CertFile, c.KeyFile, log, a.metrics.CertificateExpires)
	}
	mac, err := c.ACME.MAC()
	if err != nil {
		return nil, err
	}
	return certs.OpenACME(certs.ACME{Hosts: c.ACME.Hosts, Directory: c.ACME.Directory, Email: c.ACME.Email, CAFile: c.ACME.CAFile,
		Folder: cmp.Or(c.ACME.Folder, filepath.Join(a.cfg.DataDir, "acme")), KeyID: c.ACME.KeyID, MAC: mac}, log, a.metrics.CertificateExpires)
}

// strict tells browsers to come by https only, for so long (RFC 6797).
func strict(age time.Duration, next http.Handler) http.Handler {
	if age <= 0 {
		return next
	}
	value := fmt.Sprintf("max-age=%d", int(age.Seconds()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", value)
		next.ServeHTTP(w, r)
	})
}

// redirect sends readers to the address that browsers use, or to the same name at the API's port. Everything else is refused: what has
// been sent unencrypted must not seem to work.
func redirect(public *url.URL, address string) http.Handler {
	_, port, _ := net.SplitHostPort(address)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "this address is for https only", http.StatusForbidden)
			return
		}
		host := ""
		if public != nil {
			host = public.Host
		} else if u, err := url.Parse("//" + r.Host); err == nil && u.Hostname() != "" && u.User == nil && u.Path == "" {
			host = net.JoinHostPort(u.Hostname(), port)
			if port == "443" {
				host = u.Hostname()
			}
		}
		if host == "" {
			http.Error(w, "the request names no host", http.StatusBadRequest)
			return
		}
		to := url.URL{Scheme: "https", Host: host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusPermanentRedirect)
	})
}
