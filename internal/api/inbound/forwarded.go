package inbound

import (
	"net/netip"
	"slices"
	"strings"
)

// client is what counts as one sender of requests.
type client struct {
	addr netip.Addr
	// unknown tells that addr is a trusted proxy that does not say whom it heard from. All such requests of a proxy count together,
	// apart from the proxy's own.
	unknown bool
}

// forwarded is the client behind trusted proxies: the nearest address in X-Forwarded-For that is no proxy. Each proxy appends whom
// it heard from, so the list is believed from its end, as long as those who wrote it are trusted; what a client wrote itself stands
// before that and counts for nothing. An entry that is no address ends the list, since what stands before it may be the client's.
// So does an empty one: a proxy has nothing to gain from it, and a client has. Without the header, it is the proxy itself.
func forwarded(peer netip.Addr, headers []string, trusted func(netip.Addr) bool) client {
	nearest := peer
	for _, rest := range slices.Backward(headers) {
		for more := true; more; {
			var entry string
			if k := strings.LastIndexByte(rest, ','); k >= 0 {
				rest, entry = rest[:k], rest[k+1:]
			} else {
				entry, more = rest, false
			}
			addr, ok := parseForwarded(entry)
			if !ok {
				return client{nearest, true}
			}
			if nearest = addr; !trusted(addr) {
				return client{addr: addr}
			}
		}
	}
	return client{addr: nearest}
}

// parseForwarded reads an address as proxies write it: with or without a port, IPv6 with or without brackets, without its zone,
// which means something to the proxy alone. Names are none, such as "unknown" and the obfuscated identifiers of RFC 7239, which may
// be new in every request.
func parseForwarded(entry string) (netip.Addr, bool) {
	entry = strings.Trim(entry, " \t")
	if inner, ok := strings.CutPrefix(entry, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); ok {
			addr, err := netip.ParseAddr(inner)
			return plain(addr), err == nil && addr.Is6()
		}
	}
	if addr, err := netip.ParseAddr(entry); err == nil {
		return plain(addr), true
	}
	both, err := netip.ParseAddrPort(entry)
	return plain(both.Addr()), err == nil
}

// plain is an address as it is compared.
func plain(addr netip.Addr) netip.Addr { return addr.WithZone("").Unmap() }

// addressOf is the address of "host:port", or none, for sockets without one.
func addressOf(hostPort string) netip.Addr {
	both, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return netip.Addr{}
	}
	return plain(both.Addr())
}

// network is what counts as one client: an IPv4 address, or a /64 network in IPv6, which one subscriber has.
func network(addr netip.Addr) netip.Addr {
	if !addr.Is6() {
		return addr
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return addr
	}
	return p.Addr()
}
