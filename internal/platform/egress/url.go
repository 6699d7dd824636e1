package egress

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL limits a URL, which is stored and sent many times.
const maxURL = 2048

// privateNames end the names that mean something only inside of a network.
var privateNames = []string{"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "onion", "invalid"}

// hostNames are the names of DNS, without a full stop at the end.
var hostNames = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// CheckURL reads a URL that an account wants requests to be sent to, and returns the one that is sent to: lower case, names in ASCII, and the
// default port left out. Its errors are *Refused. It looks no names up: what they stand for is decided when a connection is made.
func (g *Guard) CheckURL(raw string) (*url.URL, error) {
	if raw == "" || len(raw) > maxURL {
		return nil, refused(ReasonSyntax, "a URL has 1 to 2048 characters")
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return nil, refused(ReasonSyntax, "the URL has spaces, backslashes or control characters")
	}
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.Host == "" {
		return nil, refused(ReasonSyntax, "that is no absolute URL, such as https://example.com/hook")
	}
	switch {
	case u.User != nil:
		return nil, refused(ReasonUserinfo, "the URL has a user or a password in it; use a header")
	case strings.Contains(raw, "#"):
		return nil, refused(ReasonFragment, "the URL has a fragment (#…), which is never sent")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, refused(ReasonScheme, "the URL's scheme is not https")
	}
	host, inside, err := g.checkHost(u)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "http" && !g.policy.HTTP && !inside {
		return nil, refused(ReasonScheme, "the URL's scheme is not https")
	}
	port, err := g.checkPort(u, inside)
	if err != nil {
		return nil, err
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	u.Host = host + port
	return u, nil
}

// checkHost is the host in lower case and ASCII, and whether it is in a network that the policy allows by name.
func (g *Guard) checkHost(u *url.URL) (host string, inside bool, err error) {
	name := u.Hostname()
	if strings.HasPrefix(u.Host, "[") {
		addr, err := netip.ParseAddr(name)
		if err != nil || addr.Zone() != "" || addr.Is4() || addr.Is4In6() {
			return "", false, refused(ReasonHost, "an address in the URL is written in a form that is not taken")
		}
		inside, err := g.checkAddr(addr)
		return addr.String(), inside, err
	}
	// Mapped as browsers do: "１２７。０。０。１" is an address, and a name in letters is the same as its twin in punycode.
	ascii, err := hostNames.ToASCII(name)
	if err != nil || strings.HasSuffix(ascii, ".") || !utf8.ValidString(name) {
		return "", false, refused(ReasonHost, "the URL's host is no name")
	}
	labels := strings.Split(ascii, ".")
	if last := labels[len(labels)-1]; isNumber(last) {
		// Octal, hexadecimal, decimal and short forms are addresses for some programs and others for others.
		addr, err := netip.ParseAddr(ascii)
		if err != nil {
			return "", false, refused(ReasonHost, "an address in the URL is written in a form that is not taken")
		}
		inside, err := g.checkAddr(addr)
		return ascii, inside, err
	}
	for _, private := range privateNames {
		if ascii == private || strings.HasSuffix(ascii, "."+private) {
			if private == "localhost" && g.loopback {
				return ascii, true, nil
			}
			return "", false, refused(ReasonName, "the URL's host is a name inside of a network")
		}
	}
	if len(labels) < 2 {
		return "", false, refused(ReasonName, "the URL's host is a name inside of a network")
	}
	return ascii, false, nil
}

// isNumber reports whether a label makes the whole host an IPv4 address, as the URL standard has it.
func isNumber(label string) bool {
	digits := "0123456789"
	if rest, ok := strings.CutPrefix(label, "0x"); ok {
		label, digits = rest, "0123456789abcdef"
	} else if label == "" {
		return false
	}
	return strings.Trim(label, digits) == ""
}

// checkPort is ":port", or "" for the scheme's own.
func (g *Guard) checkPort(u *url.URL, inside bool) (string, error) {
	standard := map[string]string{"https": "443", "http": "80"}[u.Scheme]
	text := u.Port()
	if text == "" {
		if strings.HasSuffix(u.Host, ":") {
			return "", refused(ReasonPort, "the URL has a colon and no port")
		}
		text = standard
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 || strconv.FormatUint(port, 10) != text {
		return "", refused(ReasonPort, "the URL's port is no number from 1 to 65535")
	}
	if !inside && !slices.Contains(g.ports, uint16(port)) {
		return "", refused(ReasonPort, "the URL's port is not one that requests are sent to: "+g.portNames)
	}
	if text == standard {
		return "", nil
	}
	return ":" + text, nil
}
