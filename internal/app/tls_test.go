package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/platform/certs"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
)

// issued is a certificate for this machine, in files.
func issued(t *testing.T) (c config.TLS, trust *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	key, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	c = config.TLS{CertFile: filepath.Join(t.TempDir(), "cert.pem"), KeyFile: filepath.Join(t.TempDir(), "key.pem")}
	require.NoError(t, os.WriteFile(c.CertFile, cert, 0o600))
	require.NoError(t, os.WriteFile(c.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	trust = x509.NewCertPool()
	trust.AppendCertsFromPEM(cert)
	return c, trust
}

func certificate(t *testing.T) *certs.Files {
	t.Helper()
	c, _ := issued(t)
	files, err := certs.Open(c.CertFile, c.KeyFile, zap.NewNop(), func(time.Time) {})
	require.NoError(t, err)
	return files
}

// A site speaks TLS and HTTP/2, counts connections as it does without, and redirects who comes in the clear.
func TestSecure(t *testing.T) {
	t.Parallel()
	cfg := &config.Config{HTTP: config.HTTP{HeaderTimeout: time.Second, StallTimeout: time.Second}}
	var trust *x509.CertPool
	cfg.TLS, trust = issued(t)
	cfg.TLS.HSTS, cfg.TLS.RedirectAddr = config.Age(time.Hour), "127.0.0.1:0"
	a := &api{parts: &parts{cfg: cfg, log: zap.NewNop(), metrics: telemetry.NewPlatform(prometheus.NewRegistry())}}
	t.Cleanup(func() { require.NoError(t, a.group.Stop(context.Background())) })
	refused := make(chan inbound.Reason, 1)
	gate := &inbound.Gate{PerAddress: 1, Refused: func(why inbound.Reason) { refused <- why }}
	s := site{name: "api", setting: "SPARK_ADDR", address: "127.0.0.1:0", through: gate.Listener, before: func() {},
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })}
	require.NoError(t, a.secure(t.Context(), &s, nil))
	addr, err := a.serve(t.Context(), s)
	require.NoError(t, err)

	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	res, err := client.Get("https://" + addr)
	require.NoError(t, err)
	said, err := io.ReadAll(res.Body)
	require.NoError(t, errors.Join(err, res.Body.Close()))
	require.Equal(t, "HTTP/2.0", string(said))
	require.Equal(t, "max-age=3600", res.Header.Get("Strict-Transport-Security"))
	_, err = tls.Dial("tcp", addr, &tls.Config{RootCAs: trust})
	require.Error(t, err, "one connection from an address")
	require.Equal(t, inbound.TooManyOfAddress, <-refused)
	_, err = tls.Dial("tcp", addr, &tls.Config{RootCAs: trust, MaxVersion: tls.VersionTLS11})
	require.Error(t, err)

	require.NoError(t, os.WriteFile(cfg.TLS.KeyFile, nil, 0o600))
	require.ErrorContains(t, a.secure(t.Context(), &s, nil), "TLS: ", "it stops the start")
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	public := &url.URL{Scheme: "https", Host: "games.example.com"}
	for _, tt := range []struct {
		public            *url.URL
		address           string
		method, host, uri string
		status            int
		to                string
	}{
		{nil, ":443", "GET", "games.example.com", "/play/a%2Fb?x=1", 308, "https://games.example.com/play/a%2Fb?x=1"},
		{nil, ":8443", "HEAD", "games.example.com:8080", "/", 308, "https://games.example.com:8443/"},
		{public, ":8443", "GET", "evil.example.net", "//evil.example.net/", 308, "https://games.example.com//evil.example.net/"},
		{nil, ":443", "GET", "me@evil.example.net", "/", 400, ""},
		{nil, ":443", "GET", "", "/", 400, ""},
		{nil, ":443", "POST", "games.example.com", "/v1/jobs", 403, ""},
	} {
		r := httptest.NewRequest(tt.method, "http://x"+tt.uri, nil)
		r.Host = tt.host
		w := httptest.NewRecorder()
		redirect(tt.public, tt.address).ServeHTTP(w, r)
		require.Equal(t, tt.status, w.Code, "%+v", tt)
		require.Equal(t, tt.to, w.Header().Get("Location"))
	}
}

func TestStrictTransportSecurity(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]string{180 * 24 * time.Hour: "max-age=15552000", 0: ""} {
		w := httptest.NewRecorder()
		strict(age, http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		require.Equal(t, want, w.Header().Get("Strict-Transport-Security"))
	}
}
