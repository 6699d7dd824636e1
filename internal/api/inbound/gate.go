package inbound

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// Gate counts connections, in all and by address, and refuses those that are too many. Connections of trusted proxies
// count in all only; behind them it is the requests under way that count by the address that the proxies forward. When a proxy
// forwards none that can be read, they count as those of one client of that proxy.
type Gate struct {
	Total      int // 0 is no limit
	PerAddress int // 0 is no limit
	Trusted    []netip.Prefix
	// Refused is told why a connection or request was refused. It may be nil, and must not block.
	Refused func(Reason)

	mu       sync.Mutex
	open     int
	byClient map[client]int
}

// Reason is why the gate refuses.
type Reason string

// The reasons. The first two are a connection's, the others a request's behind a trusted proxy.
const (
	TooManyConnections Reason = "connections"         // in all
	TooManyOfAddress   Reason = "address_connections" // of its address
	TooManyRequests    Reason = "address_requests"    // of the forwarded address
	TooManyUnknown     Reason = "unknown_requests"    // of clients that the proxy does not name
)

// Listener lets through what the gate lets in, and closes the rest at once.
func (g *Gate) Listener(l net.Listener) net.Listener { return &listener{l, g} }

type listener struct {
	net.Listener
	gate *Gate
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		leave, ok := l.gate.connect(addressOf(conn.RemoteAddr().String()))
		if ok {
			return &counted{Conn: conn, leave: sync.OnceFunc(leave)}, nil
		}
		_ = conn.Close() // refused without a response, which would cost more than it is worth
	}
}

// counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	leave func()
}

func (c *counted) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// connect admits a connection. leave must be called at its end.
func (g *Gate) connect(addr netip.Addr) (leave func(), ok bool) {
	if g.trusts(addr) {
		addr = netip.Addr{} // its requests count instead
	}
	from := client{addr: network(addr)}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.Total > 0 && g.open >= g.Total {
		g.refuse(TooManyConnections)
		return nil, false
	}
	if !g.enter(from) {
		g.refuse(TooManyOfAddress)
		return nil, false
	}
	g.open++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.open--
		g.exit(from)
	}, true
}

// Admit admits a request that came through a trusted proxy, by the forwarded address; other requests were admitted with their
// connections. leave must be called at its end.
func (g *Gate) Admit(r *http.Request) (leave func(), ok bool) {
	peer := addressOf(r.RemoteAddr)
	if !g.trusts(peer) {
		return func() {}, true
	}
	from, why := forwarded(peer, r.Header.Values("X-Forwarded-For"), g.trusts), TooManyRequests
	switch {
	case from.unknown:
		why = TooManyUnknown
	case g.trusts(from.addr):
		return func() {}, true // the proxy itself, such as its health check
	default:
		from.addr = network(from.addr)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.enter(from) {
		g.refuse(why)
		return nil, false
	}
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.exit(from)
	}, true
}

// HTTPS reports whether a request's client is encrypted: it came here by TLS, or a trusted proxy, which is the last to write
// X-Forwarded-Proto, says that it came there by https.
func (g *Gate) HTTPS(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	lines := r.Header.Values("X-Forwarded-Proto")
	if len(lines) == 0 || !g.trusts(addressOf(r.RemoteAddr)) {
		return false
	}
	last := lines[len(lines)-1]
	return strings.EqualFold(strings.Trim(last[strings.LastIndexByte(last, ',')+1:], " \t"), "https")
}

// enter and exit count a client, unless it has no address; the lock is held.
func (g *Gate) enter(c client) bool {
	if !c.addr.IsValid() || g.PerAddress <= 0 {
		return true
	}
	if g.byClient[c] >= g.PerAddress {
		return false
	}
	if g.byClient == nil {
		g.byClient = make(map[client]int)
	}
	g.byClient[c]++
	return true
}

func (g *Gate) exit(c client) {
	if !c.addr.IsValid() || g.PerAddress <= 0 {
		return
	}
	if g.byClient[c]--; g.byClient[c] <= 0 {
		delete(g.byClient, c)
	}
}

func (g *Gate) refuse(why Reason) {
	if g.Refused != nil {
		g.Refused(why)
	}
}

func (g *Gate) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(g.Trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// Client names where a request comes from, for limits by address: the client's network, as trusted proxies forward it. Clients that a proxy does
// not name are those of that proxy together. A nil Gate trusts none.
func (g *Gate) Client(r *http.Request) string {
	peer := addressOf(r.RemoteAddr)
	if g == nil || !g.trusts(peer) {
		return network(peer).String()
	}
	from := forwarded(peer, r.Header.Values("X-Forwarded-For"), g.trusts)
	if from.unknown {
		return "behind " + from.addr.String()
	}
	return network(from.addr).String()
}
