package inbound

import (
	"net/netip"
	"slices"
	"strings"
)

// forwarded is the address of the client behind trusted proxies: the nearest one in X-Forwarded-For that is no proxy. Each
// proxy appends whom it heard from, so the list is believed from its end, as long as those who wrote it are trusted; what
// a client wrote itself stands before that and counts for nothing.
func forwarded(peer netip.Addr, headers []string, trusted func(netip.Addr) bool) netip.Addr {
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
				return nearest
			}
			if nearest = addr; !trusted(addr) {
				return addr
			}
		}
	}
	return nearest
}

// parseForwarded reads an address as proxies write it: with or without a port, IPv6 with or without brackets.
func parseForwarded(entry string) (netip.Addr, bool) {
	entry = strings.Trim(entry, " \t")
	if addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(entry, "["), "]")); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	both, err := netip.ParseAddrPort(entry)
	return both.Addr().Unmap().WithZone(""), err == nil
}

// addressOf is the address of "host:port", or none, for sockets without one.
func addressOf(hostPort string) netip.Addr {
	both, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return netip.Addr{}
	}
	return both.Addr().Unmap().WithZone("")
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
