package certs

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// issue writes a certificate for a name and its key.
func issue(t *testing.T, cert, key, name string, until time.Time) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: until.Add(-48 * time.Hour), NotAfter: until}
	if name != "" {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	if key != "" {
		require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	}
}

// serve answers with the certificate until the test ends.
func serve(t *testing.T, f *Files, patience time.Duration) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := &http.Server{Handler: http.NotFoundHandler(), TLSConfig: f.Config(), ReadHeaderTimeout: patience, ErrorLog: zap.NewStdLog(zap.NewNop())}
	go func() { _ = srv.ServeTLS(l, "", "") }()
	t.Cleanup(func() { require.NoError(t, srv.Close()) })
	return l.Addr().String()
}

// served is the name on the certificate that a server shows, and the protocol that it speaks.
func served(t *testing.T, addr string, most uint16) (name, protocol string, err error) {
	t.Helper()
	c, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: most, NextProtos: []string{"h2"}})
	if err != nil {
		return "", "", err
	}
	defer c.Close()
	state := c.ConnectionState()
	return state.PeerCertificates[0].DNSNames[0], state.NegotiatedProtocol, nil
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	soon := time.Now().Add(24 * time.Hour)
	issue(t, cert, key, "first.example.com", soon)
	core, logs := observer.New(zap.InfoLevel)
	var expires time.Time
	f, err := Open(cert, key, zap.New(core), func(at time.Time) { expires = at })
	require.NoError(t, err)
	require.WithinDuration(t, soon, expires, time.Second)
	addr := serve(t, f, time.Minute)
	shows := func(want string) {
		t.Helper()
		name, protocol, err := served(t, addr, tls.VersionTLS13)
		require.NoError(t, err)
		require.Equal(t, want, name)
		require.Equal(t, "h2", protocol)
	}
	shows("first.example.com")
	_, _, err = served(t, addr, tls.VersionTLS11)
	require.Error(t, err, "older versions are refused")

	issue(t, cert, "", "second.example.com", soon) // half replaced: it does not belong to the key
	f.reload()
	f.reload()
	require.Len(t, logs.FilterMessageSnippet("of no use").TakeAll(), 1, "it is told once")
	shows("first.example.com")
	issue(t, cert, key, "third.example.com", time.Now().Add(-time.Minute))
	f.reload()
	shows("first.example.com")
	require.NoError(t, os.Remove(key))
	f.reload()
	shows("first.example.com")
	issue(t, cert, key, "fourth.example.com", soon.Add(time.Hour))
	f.reload()
	shows("fourth.example.com")
	require.WithinDuration(t, soon.Add(time.Hour), expires, time.Second)
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key, other := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "other.pem")
	open := func(cert, key string) error {
		_, err := Open(cert, key, zap.NewNop(), func(time.Time) {})
		return err
	}
	tomorrow := time.Now().Add(24 * time.Hour)
	issue(t, cert, key, "a.example.com", tomorrow)
	issue(t, filepath.Join(dir, "unused.pem"), other, "a.example.com", tomorrow)
	require.ErrorContains(t, open(cert, other), "private key does not match public key")
	require.ErrorContains(t, open(filepath.Join(dir, "none"), key), "certificate: open")
	require.ErrorContains(t, open(cert, filepath.Join(dir, "none")), "key: open")
	issue(t, cert, key, "a.example.com", time.Now().Add(-time.Hour))
	require.ErrorContains(t, open(cert, key), "the certificate has expired on")
	issue(t, cert, key, "a.example.com", time.Now().Add(72*time.Hour))
	require.ErrorContains(t, open(cert, key), "the certificate is not valid before")
	issue(t, cert, key, "", tomorrow)
	require.ErrorContains(t, open(cert, key), "is for no name")
}

// Who connects and says nothing, and who says nothing after the handshake, is sent away.
func TestSilentClients(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "a.example.com", time.Now().Add(24*time.Hour))
	f, err := Open(cert, key, zap.NewNop(), func(time.Time) {})
	require.NoError(t, err)
	addr := serve(t, f, 50*time.Millisecond)
	silent, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	_, err = bufio.NewReader(silent).ReadByte()
	require.Error(t, err)
	shaken, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	require.NoError(t, shaken.Handshake())
	_, err = bufio.NewReader(shaken).ReadByte()
	require.Error(t, err)
}
