package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

const pebbleVersion = "github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.3"

// pebble is the program of an ACME authority for tests, made by Let's Encrypt.
var pebble = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "spark-tests", path.Base(pebbleVersion)) // it is compiled once
	cmd := exec.Command("go", "install", pebbleVersion)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go install: %w\n%s", err, out)
	}
	return filepath.Join(dir, "pebble"), nil
})

// authority is a running pebble.
type authority struct {
	directory, ca string
	manage        string // address of its management
	client        *http.Client
}

// start starts an authority, which finds every name at this machine, with the given ports of its challenges.
func start(t *testing.T, tlsPort, httpPort int, accounts map[string]string) authority {
	t.Helper()
	program, err := pebble()
	require.NoError(t, err)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "localhost", time.Now().Add(24*time.Hour))
	api, manage := free(t), free(t)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": fmt.Sprintf("127.0.0.1:%d", api), "managementListenAddress": fmt.Sprintf("127.0.0.1:%d", manage),
		"certificate": cert, "privateKey": key, "httpPort": httpPort, "tlsPort": tlsPort, "retryAfter": map[string]int{"authz": 1, "order": 1},
		"externalAccountBindingRequired": accounts != nil, "externalAccountMACKeys": accounts, "keyAlgorithm": "ecdsa",
		"profiles": map[string]any{"default": map[string]any{"description": "default", "validityPeriod": 7776000}},
	}})
	require.NoError(t, err)
	file := filepath.Join(dir, "config.json")
	require.NoError(t, os.WriteFile(file, config, 0o600))
	var log strings.Builder
	cmd := exec.Command(program, "-config", file, "-dnsserver", names(t))
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	pool, err := Pool(cert)
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	t.Cleanup(client.CloseIdleConnections)
	a := authority{fmt.Sprintf("https://localhost:%d/dir", api), cert, fmt.Sprintf("https://localhost:%d", manage), client}
	require.Eventually(t, func() bool { return a.read(a.directory) != nil && a.read(a.manage+"/roots/0") != nil }, 20*time.Second, 20*time.Millisecond)
	return a
}

func (a authority) read(url string) []byte {
	res, err := a.client.Get(url)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return body
}

// root is what the authority's certificates are trusted by.
func (a authority) root(t *testing.T) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(a.read(a.manage+"/roots/0")))
	return pool
}

func free(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// names is the address of a name server that finds every name at this machine, and nothing else about it.
func names(t *testing.T) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go resolve(conn)
		}
	}()
	return l.Addr().String()
}

// resolve answers the questions of a connection; each message follows its length (RFC 1035, section 4.2.2).
func resolve(conn net.Conn) {
	defer conn.Close()
	for {
		var length [2]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return
		}
		buf := make([]byte, binary.BigEndian.Uint16(length[:]))
		var m dnsmessage.Message
		if _, err := io.ReadFull(conn, buf); err != nil || m.Unpack(buf) != nil || len(m.Questions) != 1 {
			return
		}
		q := m.Questions[0]
		answer := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
		if q.Type == dnsmessage.TypeA {
			answer.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class},
				Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
		}
		packed, err := answer.Pack()
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)); err != nil {
			return
		}
	}
}

// site serves what was issued at both ports, and runs it until the test ends. ready is closed when all names have a certificate.
type site struct {
	secure, clear net.Listener
	logs          *observer.ObservedLogs
	expires       chan time.Time
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{expires: make(chan time.Time, 10)}
	var err error
	s.secure, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.clear, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return s
}

func (s *site) ports() (tlsPort, httpPort int) {
	return s.secure.Addr().(*net.TCPAddr).Port, s.clear.Addr().(*net.TCPAddr).Port
}

func (s *site) serve(t *testing.T, o ACME) *Issued {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	s.logs = logs
	issued, err := OpenACME(o, zap.New(core), func(end time.Time) { s.expires <- end })
	require.NoError(t, err)
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "hello at "+r.URL.Path) })
	secure := &http.Server{Handler: hello, TLSConfig: issued.Config(), ErrorLog: zap.NewStdLog(zap.NewNop()), ReadHeaderTimeout: time.Minute}
	challenges := issued.Challenges(hello)
	plain := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host, _, _ = strings.Cut(r.Host, ":") // the port is always 80 outside of tests, and does not stand there
		challenges.ServeHTTP(w, r)
	})}
	go func() { _ = secure.ServeTLS(s.secure, "", "") }()
	go func() { _ = plain.Serve(s.clear) }()
	t.Cleanup(func() { require.NoError(t, secure.Close()); require.NoError(t, plain.Close()) })
	run(t, issued)
	return issued
}

// run runs what was issued until the test ends.
func run(t *testing.T, issued *Issued) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); issued.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
}

// wait is the end of the first certificate to end, as soon as all are issued.
func (s *site) wait(t *testing.T) (end time.Time) {
	t.Helper()
	select {
	case end = <-s.expires:
	case <-time.After(time.Minute):
		t.Fatal("no certificate was issued: ", s.logs.All())
	}
	return end
}

func (s *site) dial(name string, trust *x509.CertPool) (*x509.Certificate, error) {
	c, err := tls.Dial("tcp", s.secure.Addr().String(), &tls.Config{ServerName: name, RootCAs: trust})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0], nil
}

// A real authority issues a certificate for each name, over TLS-ALPN-01; they are kept, and nobody else gets one.
func TestACME(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tlsPort, _ := s.ports()
	a := start(t, tlsPort, free(t), nil)
	o := ACME{Hosts: []string{"games.example.com", "play.example.com"}, Directory: a.directory, CAFile: a.ca, Folder: filepath.Join(t.TempDir(), "acme")}
	s.serve(t, o)
	end := s.wait(t) // Run has them issued before anybody asks
	require.WithinDuration(t, time.Now().Add(90*24*time.Hour), end, time.Hour)

	trust := a.root(t)
	for _, name := range o.Hosts {
		leaf, err := s.dial(name, trust)
		require.NoError(t, err)
		require.Equal(t, []string{name}, leaf.DNSNames)
	}
	_, err := s.dial("evil.example.net", trust)
	require.Error(t, err)
	c, err := tls.Dial("tcp", s.secure.Addr().String(), &tls.Config{InsecureSkipVerify: true}) // by its address, without a name
	require.NoError(t, err)
	require.Equal(t, []string{"games.example.com"}, c.ConnectionState().PeerCertificates[0].DNSNames)
	require.NoError(t, c.Close())
	require.Zero(t, s.logs.FilterLevelExact(zap.ErrorLevel).Len(), s.logs.All())

	// After a restart they are still there, even without the authority, and only their owner reads the keys.
	again := newSite(t)
	o.Directory = "https://localhost:1/dir"
	again.serve(t, o)
	require.Equal(t, end, again.wait(t))
	leaf, err := again.dial("play.example.com", trust)
	require.NoError(t, err)
	require.Equal(t, []string{"play.example.com"}, leaf.DNSNames)
	files, err := os.ReadDir(o.Folder)
	require.NoError(t, err)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name())
	}
}

// Where only plain HTTP reaches the platform from outside, HTTP-01 does; an authority that wants an account is told of it.
func TestACMEOverPlainHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, httpPort := s.ports()
	mac := base64.RawURLEncoding.EncodeToString([]byte("a key of thirty-two bytes, or so"))
	a := start(t, free(t), httpPort, map[string]string{"our-account": mac})
	key, err := base64.RawURLEncoding.DecodeString(mac)
	require.NoError(t, err)
	o := ACME{Hosts: []string{"games.example.com"}, Directory: a.directory, CAFile: a.ca, Folder: t.TempDir(), Email: "ops@example.com", KeyID: "our-account", MAC: key}
	s.serve(t, o)
	s.wait(t)
	leaf, err := s.dial("games.example.com", a.root(t))
	require.NoError(t, err)
	require.Equal(t, []string{"games.example.com"}, leaf.DNSNames)
	res, err := a.client.Get("http://" + s.clear.Addr().String() + "/docs")
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, "hello at /docs", string(body))

	stranger := newSite(t)
	o.KeyID, o.Folder = "", t.TempDir()
	stranger.serve(t, o)
	require.Eventually(t, func() bool { return stranger.logs.FilterMessage("no TLS certificate was issued").Len() > 0 }, 20*time.Second, 10*time.Millisecond)
	require.Contains(t, fmt.Sprint(stranger.logs.All()[0].ContextMap()), "externalAccountRequired")
}

// An authority that does not answer holds up no stop.
func TestACMEStops(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	asked := make(chan net.Conn, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			asked <- c
		}
	}()
	issued, err := OpenACME(ACME{Hosts: []string{"games.example.com"}, Directory: "https://" + l.Addr().String(), Folder: t.TempDir()}, zap.NewNop(), func(time.Time) {})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); issued.Run(ctx) }()
	conn := <-asked
	cancel()
	<-done
	require.NoError(t, l.Close())
	require.NoError(t, conn.Close())
}
