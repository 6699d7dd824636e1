// Package certs has the TLS certificates of a process: from files, whose replacement it follows by change, within a second, and at once
// on SIGHUP; or from an authority that issues them by ACME (RFC 8555).
package certs

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// every is how often the files are read.
const every = time.Second

// Files is a certificate with its key, in two files. It is safe for concurrent use.
type Files struct {
	cert, key string
	log       *zap.Logger
	expires   func(time.Time)
	shown     bool // to servers, which do not look for a name in it

	current atomic.Pointer[tls.Certificate]
	seen    []byte // what the files had when they were last read
}

// Open reads the certificate. The error says what is wrong with it: it does not belong to the key, or is not valid now. expires is
// called with the end of each certificate that is served.
func Open(cert, key string, log *zap.Logger, expires func(time.Time)) (*Files, error) {
	f := &Files{cert: cert, key: key, log: log, expires: expires}
	return f, f.load()
}

// OpenShown reads the certificate that a process shows to servers.
func OpenShown(cert, key string, log *zap.Logger) (*Files, error) {
	f := &Files{cert: cert, key: key, log: log, expires: func(time.Time) {}, shown: true}
	return f, f.load()
}

// Config is how a server speaks TLS: version 1.2 and newer, with the certificate that is current at each handshake.
func (f *Files) Config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current.Load(), nil },
	}
}

// Show has a client show the certificate that is current at each handshake to servers that ask for one.
func (f *Files) Show(to *tls.Config) {
	to.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return f.current.Load(), nil }
}

// Pool reads the certificates that others are trusted by.
func Pool(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s has no certificate in PEM", file)
	}
	return pool, nil
}

// Run follows the files until ctx is done. A certificate that is of no use leaves the last one in use, and is logged.
func (f *Files) Run(ctx context.Context) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			f.seen = nil
		case <-tick.C:
		}
		f.reload()
	}
}

func (f *Files) reload() {
	if err := f.load(); err != nil {
		f.log.Error("the TLS certificate was not replaced: the new one is of no use", zap.Error(err))
	}
}

// load reads the files and serves what they have, unless they are as they were.
func (f *Files) load() error {
	certs, err := os.ReadFile(f.cert)
	if err != nil {
		return f.once(nil, fmt.Errorf("certificate: %w", err))
	}
	key, err := os.ReadFile(f.key)
	if err != nil {
		return f.once(nil, fmt.Errorf("key: %w", err))
	}
	both := append(append(slices.Clip(certs), 0), key...)
	if bytes.Equal(both, f.seen) {
		return nil
	}
	pair, err := tls.X509KeyPair(certs, key)
	if err != nil {
		return f.once(both, fmt.Errorf("%s and %s: %w", f.cert, f.key, err))
	}
	if err := f.valid(pair.Leaf, time.Now()); err != nil {
		return f.once(both, fmt.Errorf("%s: %w", f.cert, err))
	}
	replaced := f.current.Swap(&pair) != nil
	f.seen = both
	f.expires(pair.Leaf.NotAfter)
	if replaced {
		f.log.Info("the TLS certificate was replaced", zap.Time("expires", pair.Leaf.NotAfter))
	}
	return nil
}

// once is an error the first time that the files are as they are.
func (f *Files) once(both []byte, err error) error {
	if both == nil {
		both = []byte(err.Error())
	}
	if bytes.Equal(both, f.seen) {
		return nil
	}
	f.seen = both
	return err
}

func (f *Files) valid(leaf *x509.Certificate, now time.Time) error {
	switch {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("the certificate has expired on %s", leaf.NotAfter.Format(time.DateTime))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("the certificate is not valid before %s", leaf.NotBefore.Format(time.DateTime))
	case !f.shown && len(leaf.DNSNames)+len(leaf.IPAddresses) == 0:
		return errors.New("the certificate is for no name: it has no subject alternative names")
	}
	return nil
}
