package inbound

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
)

// Gate counts connections, in all and by address, and refuses those that are too many. Connections of trusted proxies
// count in all only; behind them it is the requests under way that count by the address that the proxies forward.
type Gate struct {
	Total      int // 0 is no limit
	PerAddress int // 0 is no limit
	Trusted    []netip.Prefix
	// Refused is told why a connection or request was refused: "total" or "address". It may be nil.
	Refused func(why string)

	mu        sync.Mutex
	open      int
	byAddress map[netip.Addr]int
}

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
	addr = network(addr)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.Total > 0 && g.open >= g.Total {
		g.refuse("total")
		return nil, false
	}
	if !g.enter(addr) {
		return nil, false
	}
	g.open++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.open--
		g.exit(addr)
	}, true
}

// Admit admits a request that came through a trusted proxy, by the forwarded address; other requests were admitted with their
// connections. leave must be called at its end.
func (g *Gate) Admit(r *http.Request) (leave func(), ok bool) {
	peer := addressOf(r.RemoteAddr)
	if !g.trusts(peer) {
		return func() {}, true
	}
	client := forwarded(peer, r.Header.Values("X-Forwarded-For"), g.trusts)
	if g.trusts(client) {
		return func() {}, true // the proxy itself, such as its health check
	}
	client = network(client)
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.enter(client) {
		return nil, false
	}
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.exit(client)
	}, true
}

// enter and exit count an address; the lock is held.
func (g *Gate) enter(addr netip.Addr) bool {
	if !addr.IsValid() || g.PerAddress <= 0 {
		return true
	}
	if g.byAddress[addr] >= g.PerAddress {
		g.refuse("address")
		return false
	}
	if g.byAddress == nil {
		g.byAddress = make(map[netip.Addr]int)
	}
	g.byAddress[addr]++
	return true
}

func (g *Gate) exit(addr netip.Addr) {
	if !addr.IsValid() || g.PerAddress <= 0 {
		return
	}
	if g.byAddress[addr]--; g.byAddress[addr] <= 0 {
		delete(g.byAddress, addr)
	}
}

func (g *Gate) refuse(why string) {
	if g.Refused != nil {
		g.Refused(why)
	}
}

func (g *Gate) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(g.Trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}
