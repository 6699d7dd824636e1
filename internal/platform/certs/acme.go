package certs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.uber.org/zap"
	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME says which certificates an authority shall issue, and for whom.
type ACME struct {
	Hosts     []string // that the certificates are for, one each; no others are asked for
	Directory string   // URL of the authority's directory; "" is Let's Encrypt's
	Email     string   // that the authority may write to
	CAFile    string   // PEM that the authority is trusted by; "" is what the machine trusts
	Folder    string   // of the certificates and keys
	// KeyID and MAC bind the platform to an account that it has at the authority (RFC 8555, section 7.3.4).
	KeyID string
	MAC   []byte
}

// Issued are certificates that an authority issues, and renews before they end. It is safe for concurrent use.
type Issued struct {
	manager *autocert.Manager
	hosts   []string
	log     *zap.Logger
	expires func(time.Time)
	stopped chan struct{}
}

const (
	// patience is how long one request to the authority may take.
	patience = 30 * time.Second
	// check is how often it is seen to that there are certificates. A renewal comes by itself.
	check = time.Hour
	// The first and the last wait after a failure: authorities limit how often they are asked in vain.
	firstWait, lastWait = time.Minute, time.Hour
)

// OpenACME makes the certificates of what an authority issues. expires is called with the end of the first of them to end.
func OpenACME(o ACME, log *zap.Logger, expires func(time.Time)) (*Issued, error) {
	i := &Issued{hosts: o.Hosts, log: log, expires: expires, stopped: make(chan struct{})}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if o.CAFile != "" {
		pool, err := Pool(o.CAFile)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	}
	client := &acme.Client{DirectoryURL: o.Directory, UserAgent: "spark",
		HTTPClient: &http.Client{Timeout: patience, Transport: untilStopped{transport, i.stopped}}}
	i.manager = &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(o.Folder), HostPolicy: autocert.HostWhitelist(o.Hosts...),
		Client: client, Email: o.Email}
	if o.KeyID != "" {
		i.manager.ExternalAccountBinding = &acme.ExternalAccountBinding{KID: o.KeyID, Key: o.MAC}
	}
	return i, nil
}

// Config is how a server speaks TLS: version 1.2 and newer, with the certificate for the name that the client asks for, or for the first
// if it asks for none. It answers the authority's challenges (TLS-ALPN-01, RFC 8737).
func (i *Issued) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1", acme.ALPNProto},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName == "" {
				hello.ServerName = i.hosts[0]
			}
			return i.manager.GetCertificate(hello)
		},
	}
}

// Challenges answers the authority's challenges at port 80 (HTTP-01), and leaves everything else to next.
func (i *Issued) Challenges(next http.Handler) http.Handler { return i.manager.HTTPHandler(next) }

// Run has the certificates issued before the first visitor needs them, and keeps seeing to it until ctx is done.
func (i *Issued) Run(ctx context.Context) {
	defer close(i.stopped)
	wait := firstWait
	for {
		next := check
		if err := i.obtain(ctx); err == nil {
			wait = firstWait
		} else if ctx.Err() == nil {
			i.log.Error("no TLS certificate was issued", zap.Error(err), zap.Duration("again_in", wait))
			next, wait = wait, min(2*wait, lastWait)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(next):
		}
	}
}

// obtain has a certificate for each name, from the folder or the authority.
func (i *Issued) obtain(ctx context.Context) error {
	var first time.Time
	var failed error
	for _, host := range i.hosts {
		cert, err := i.certificate(ctx, host)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", host, err))
			continue
		}
		if end := cert.Leaf.NotAfter; first.IsZero() || end.Before(first) {
			first = end
		}
	}
	if !first.IsZero() {
		i.expires(first)
	}
	return failed
}

// certificate asks as a browser does, and waits no longer than ctx.
func (i *Issued) certificate(ctx context.Context, host string) (*tls.Certificate, error) {
	type answer struct {
		cert *tls.Certificate
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		cert, err := i.manager.GetCertificate(&tls.ClientHelloInfo{ServerName: host, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}})
		got <- answer{cert, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-got:
		return a.cert, a.err
	}
}

// untilStopped sends requests until a channel is closed: whoever still waits for a certificate is told that there will be none.
type untilStopped struct {
	http.RoundTripper
	stopped <-chan struct{}
}

var errStopped = errors.New("the process stops")

// RoundTrip implements http.RoundTripper.
func (u untilStopped) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-u.stopped:
		return nil, errStopped
	default:
		return u.RoundTripper.RoundTrip(r)
	}
}
