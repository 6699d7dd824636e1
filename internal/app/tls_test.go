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
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/platform/certs"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/tests/services/server"
	"github.com/spark-games/spark/tests/testenv"
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

// Metrics are for those who show a certificate; whoever only asks whether the process is ready needs none.
func TestSecureMetrics(t *testing.T) {
	t.Parallel()
	server, trust := issued(t)
	shown, _ := issued(t)
	stranger, _ := issued(t)
	cfg := &config.Config{HTTP: config.HTTP{HeaderTimeout: time.Second, StallTimeout: time.Second}, MetricsAddr: "127.0.0.1:0",
		MetricsTLS: config.MetricsTLS{CertFile: server.CertFile, KeyFile: server.KeyFile, ClientCAFile: shown.CertFile}}
	p := &parts{cfg: cfg, log: zap.NewNop(), metrics: telemetry.NewPlatform(prometheus.NewRegistry())}
	t.Cleanup(func() { require.NoError(t, p.group.Stop(context.Background())) })
	s := site{name: "admin", setting: "SPARK_METRICS_ADDR", address: cfg.MetricsAddr, through: everybody, before: func() {},
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })}
	require.NoError(t, p.secureAdmin(&s))
	addr, err := p.serve(t.Context(), s)
	require.NoError(t, err)

	get := func(path string, with ...config.TLS) (status int, err error) {
		c := &tls.Config{RootCAs: trust}
		for _, w := range with {
			pair, err := tls.LoadX509KeyPair(w.CertFile, w.KeyFile)
			require.NoError(t, err)
			// Whatever the server asks for: a stranger does not keep to it.
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
		}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: c}}
		defer client.CloseIdleConnections()
		res, err := client.Get("https://" + addr + path)
		if err != nil {
			return 0, err
		}
		return res.StatusCode, res.Body.Close()
	}
	for path, want := range map[string]int{"/metrics": 403, "/healthz": 200, "/readyz": 200, "/readyz/../metrics": 403} {
		status, err := get(path)
		require.NoError(t, err)
		require.Equal(t, want, status, path)
	}
	status, err := get("/metrics", shown)
	require.NoError(t, err)
	require.Equal(t, 200, status)
	_, err = get("/healthz", stranger)
	require.Error(t, err)

	cfg.MetricsTLS.ClientCAFile = server.KeyFile
	require.ErrorContains(t, p.secureAdmin(&s), "has no certificate")
}

// A process shows Redis its certificate, and trusts the one that it is told to.
func TestSecureRedis(t *testing.T) {
	t.Parallel()
	redis, _ := issued(t)
	shown, _ := issued(t)
	free, err := server.FreePort(t.Context())
	require.NoError(t, err)
	port := strconv.Itoa(free)
	testenv.StartRedis(t, "--tls-port", port, "--tls-cert-file", redis.CertFile, "--tls-key-file", redis.KeyFile, "--tls-ca-cert-file", shown.CertFile)
	ping := func(c config.RedisTLS) error {
		p := &parts{cfg: &config.Config{RedisTLS: c}, log: zap.NewNop()}
		defer func() { require.NoError(t, p.group.Stop(context.Background())) }()
		secured, err := p.redisTLS()
		require.NoError(t, err)
		conn, err := redisconn.Open("rediss://127.0.0.1:"+port+"/0", zap.NewNop(), secured...)
		require.NoError(t, err)
		defer conn.Close()
		return conn.Ping(t.Context())
	}
	require.NoError(t, ping(config.RedisTLS{CAFile: redis.CertFile, CertFile: shown.CertFile, KeyFile: shown.KeyFile}))
	require.Error(t, ping(config.RedisTLS{CAFile: redis.CertFile}), "no certificate")
	require.Error(t, ping(config.RedisTLS{CertFile: shown.CertFile, KeyFile: shown.KeyFile}), "an unknown server")

	p := &parts{cfg: &config.Config{RedisTLS: config.RedisTLS{CAFile: redis.KeyFile}}, log: zap.NewNop()}
	_, err = p.redisTLS()
	require.ErrorContains(t, err, "has no certificate")
}

// What an authority issues is asked for in the folder of the platform, and stops with it.
func TestSecureByACME(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := &config.Config{HTTP: config.HTTP{HeaderTimeout: time.Second, StallTimeout: time.Second}, DataDir: dir,
		TLS: config.TLS{ACME: config.ACME{Hosts: []string{"games.example.com"}, Directory: "https://127.0.0.1:1/dir"}, RedirectAddr: "127.0.0.1:0"}}
	core, logs := observer.New(zap.ErrorLevel)
	a := &api{parts: &parts{cfg: cfg, log: zap.New(core), metrics: telemetry.NewPlatform(prometheus.NewRegistry())}}
	s := site{name: "api", setting: "SPARK_ADDR", address: "127.0.0.1:0", through: everybody, before: func() {}, handler: http.NotFoundHandler()}
	require.NoError(t, a.secure(t.Context(), &s, nil))
	_, err := a.serve(t.Context(), s)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return logs.FilterMessage("no TLS certificate was issued").Len() > 0 }, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, a.group.Stop(context.Background()))
	files, err := os.ReadDir(filepath.Join(dir, "acme"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "the key of the account")
}
