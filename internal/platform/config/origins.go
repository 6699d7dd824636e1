package config

import (
	"fmt"
	"net/url"
	"strings"
)

// Origins is a comma-separated list of web origins, such as "https://app.example.com,https://*.example.dev"; "*" is all of them.
type Origins []string

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *Origins) UnmarshalText(text []byte) error {
	*o = nil
	for entry := range strings.SplitSeq(string(text), ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		if entry != "*" && !isOrigin(entry) {
			return fmt.Errorf(`%q is not an origin: scheme and host, such as "https://app.example.com", without a path, or "*" for all`, entry)
		}
		*o = append(*o, strings.ToLower(entry))
	}
	return nil
}

// isOrigin accepts "*." before the host, which stands for its subdomains.
func isOrigin(s string) bool {
	u, err := url.Parse(strings.Replace(s, "://*.", "://", 1))
	if err != nil || u.Host == "" || strings.Contains(u.Host, "*") {
		return false
	}
	return (u.Scheme == "https" || u.Scheme == "http") && strings.EqualFold(u.Scheme+"://"+u.Host, strings.Replace(s, "://*.", "://", 1))
}

// MarshalText is the inverse of UnmarshalText.
func (o Origins) MarshalText() ([]byte, error) { return []byte(strings.Join(o, ",")), nil }
