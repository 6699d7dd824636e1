// Package egress sends requests to addresses that accounts choose, and to nothing inside: every address is checked when it is connected
// to, after its name was looked up, so that a name that stands for something else by then gains nothing.
package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Policy says where requests may go besides https to public addresses. The zero Policy is the strictest.
type Policy struct {
	// HTTP allows plain http to public addresses.
	HTTP bool
	// Ports to public addresses; without any 443 and 8443, with HTTP also 80 and 8080.
	Ports []uint16
	// Allowed are networks that are not public and may be reached all the same, at any port and by http: loopback, in development.
	Allowed []netip.Prefix
	// Proxy makes all requests go through an HTTP proxy, which then decides about addresses that names stand for. The environment's is never used.
	Proxy *url.URL
	// Resolver looks names up; nil is the machine's.
	Resolver *net.Resolver
	// Roots are the authorities of certificates; nil are the machine's.
	Roots *x509.CertPool
}

// The reasons of a refusal. They are shown to whoever configured the URL, and never renamed.
const (
	ReasonSyntax   = "syntax"
	ReasonScheme   = "scheme"
	ReasonUserinfo = "userinfo"
	ReasonFragment = "fragment"
	ReasonPort     = "port"
	ReasonHost     = "host"    // no name, or an address in an unusual form
	ReasonName     = "name"    // a name inside of a network
	ReasonAddress  = "address" // private, loopback, link-local, metadata, mapped or otherwise special
)

// Refused says why nothing is sent to a URL. Its message is safe to show, and does not tell what a name stands for.
type Refused struct{ Reason, Message string }

func (r *Refused) Error() string { return r.Message }

func refused(reason, message string) error { return &Refused{reason, message} }

// Limits of a connection. How long a request may take is the client's.
const (
	connectTimeout = 5 * time.Second
	idleTimeout    = 30 * time.Second
	maxHeaderBytes = 32 << 10
	maxIdlePerHost = 4
	maxIdle        = 256
)

// metadata are services of clouds at addresses that no registry lists as special.
var metadata = []netip.Prefix{netip.MustParsePrefix("168.63.129.16/32")}

// Guard applies a policy. It is safe for concurrent use.
type Guard struct {
	policy    Policy
	ports     []uint16
	portNames string
	loopback  bool // is allowed
	addresses *ssrf.Guardian
	transport *http.Transport
}

// New makes a guard. Close its idle connections at the end.
func New(p Policy) *Guard {
	g := &Guard{policy: p, ports: p.Ports}
	if len(g.ports) == 0 {
		g.ports = []uint16{443, 8443}
		if p.HTTP {
			g.ports = append(g.ports, 80, 8080)
		}
	}
	names := make([]string, len(g.ports))
	for i, port := range g.ports {
		names[i] = strconv.Itoa(int(port))
	}
	g.portNames = strings.Join(names, ", ")
	g.loopback = slices.ContainsFunc(p.Allowed, func(n netip.Prefix) bool { return n.Addr().IsLoopback() })
	g.addresses = ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(metadata...))
	g.transport = g.newTransport()
	return g
}

// checkAddr reports whether an address is in a network that the policy allows; it is refused if it is neither there nor public.
func (g *Guard) checkAddr(addr netip.Addr) (inside bool, err error) {
	if slices.ContainsFunc(g.policy.Allowed, func(n netip.Prefix) bool { return n.Contains(addr) }) {
		return true, nil
	}
	if err := g.addresses.SafeAddr(addr); err != nil {
		return false, refused(ReasonAddress, "the URL stands for an address that is not public")
	}
	return false, nil
}

// control decides about each connection, after names were looked up.
func (g *Guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || (network != "tcp4" && network != "tcp6") {
		return refused(ReasonAddress, "the URL stands for an address that is not public")
	}
	inside, err := g.checkAddr(to.Addr())
	if err != nil {
		return err
	}
	if !inside && !slices.Contains(g.ports, to.Port()) {
		return refused(ReasonPort, "the URL's port is not one that requests are sent to: "+g.portNames)
	}
	return nil
}

func (g *Guard) newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: connectTimeout, KeepAlive: 15 * time.Second, Resolver: g.policy.Resolver}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: g.policy.Roots},
		TLSHandshakeTimeout:    connectTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		MaxIdleConns:           maxIdle,
		IdleConnTimeout:        idleTimeout,
		DisableCompression:     true,                // a short answer that unpacks to a long one is not unpacked
		Protocols:              new(http.Protocols), // one request on a connection: an endpoint cannot make others wait
	}
	t.Protocols.SetHTTP1(true)
	if g.policy.Proxy != nil {
		t.Proxy = http.ProxyURL(g.policy.Proxy)
		return t
	}
	dialer.ControlContext = g.control
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if _, err := netip.ParseAddr(host); err != nil && !strings.HasSuffix(host, ".") {
			host += "." // or the machine's search list would be tried, with the names of a cluster
		}
		return dialer.DialContext(ctx, network, net.JoinHostPort(host, port))
	}
	return t
}

// Client sends requests, each of which takes at most timeout with its response's body. It checks their URL again, follows no redirects
// (the response is the redirect) and keeps no cookies. The caller limits what is read of a body.
func (g *Guard) Client(timeout time.Duration) *http.Client {
	return &http.Client{
		Transport:     g,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// RoundTrip implements http.RoundTripper.
func (g *Guard) RoundTrip(req *http.Request) (*http.Response, error) {
	u, err := g.CheckURL(req.URL.String())
	if err != nil {
		if req.Body != nil {
			err = errors.Join(err, req.Body.Close())
		}
		return nil, err
	}
	req = req.Clone(req.Context())
	req.URL, req.Host = u, ""
	return g.transport.RoundTrip(req)
}

// CloseIdleConnections closes what is kept for the next request.
func (g *Guard) CloseIdleConnections() { g.transport.CloseIdleConnections() }

// RefusedBy is why a request was not sent, if a guard refused it; else nil.
func RefusedBy(err error) *Refused {
	if r, ok := errors.AsType[*Refused](err); ok {
		return r
	}
	return nil
}
