package config

import (
	"fmt"
	"net/netip"
	"strings"
)

// Prefixes is a comma-separated list of networks, such as "10.0.0.0/8,::1"; an address alone is a network of one.
type Prefixes []netip.Prefix

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Prefixes) UnmarshalText(text []byte) error {
	*p = nil
	for entry := range strings.SplitSeq(string(text), ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(entry)
		if addr, aerr := netip.ParseAddr(entry); aerr == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return fmt.Errorf("%q is neither an address nor a network", entry)
		}
		*p = append(*p, prefix.Masked())
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (p Prefixes) MarshalText() ([]byte, error) {
	all := make([]string, len(p))
	for i, prefix := range p {
		all[i] = prefix.String()
	}
	return []byte(strings.Join(all, ",")), nil
}
