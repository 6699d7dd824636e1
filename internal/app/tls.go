package app

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/spark-games/spark/internal/platform/certs"
)

// secure has a site speak TLS if there is a certificate, and redirects those who come by plain HTTP.
func (a *api) secure(ctx context.Context, s *site, public *url.URL) error {
	c := a.cfg.TLS
	if !c.On() {
		return nil
	}
	files, err := certs.Open(c.CertFile, c.KeyFile, a.log.Named("tls"), a.metrics.CertificateExpires)
	if err != nil {
		return fmt.Errorf("TLS: %w", err)
	}
	a.group.Go("certificate", files.Run)
	s.tls = files.Config()
	s.handler = strict(time.Duration(c.HSTS), s.handler)
	if c.RedirectAddr == "" {
		return nil
	}
	_, err = a.serve(ctx, site{name: "redirect", setting: "SPARK_TLS_REDIRECT_ADDR", address: c.RedirectAddr, through: s.through,
		handler: redirect(public, s.address), before: func() {}})
	return err
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
