package redact

import (
	"regexp"
	"strings"
)

// secretPattern describes a kind of secret. The pattern is tried only where the sign is found, which is cheap.
type secretPattern struct {
	sign    string
	pattern *regexp.Regexp
	replace string
}

// secretPatterns are the secrets that can be recognized by their form. A pattern also matches up to the end of the line: the
// rest may follow on the next.
var secretPatterns = []secretPattern{
	{"spark_", regexp.MustCompile(`spark_(?:[0-9A-Za-z]{38}|[0-9A-Za-z]{8,}$)`), Redacted},
	{"sk-", regexp.MustCompile(`\bsk-[0-9A-Za-z_-]{16,}|\bsk-[0-9A-Za-z_-]{4,}$`), Redacted},
	{"sk_", regexp.MustCompile(`\b[sr]k_(?:live|test)_[0-9A-Za-z]{8,}`), Redacted},
	{"AKIA", regexp.MustCompile(`\bAKIA(?:[0-9A-Z]{16}|[0-9A-Z]{4,}$)`), Redacted},
	{"ASIA", regexp.MustCompile(`\bASIA(?:[0-9A-Z]{16}|[0-9A-Z]{4,}$)`), Redacted},
	{"gh", regexp.MustCompile(`\bgh[pousr]_(?:[0-9A-Za-z]{20,}|[0-9A-Za-z]{4,}$)`), Redacted},
	{"github_pat_", regexp.MustCompile(`github_pat_(?:[0-9A-Za-z_]{20,}|[0-9A-Za-z_]{4,}$)`), Redacted},
	{"glpat-", regexp.MustCompile(`glpat-[0-9A-Za-z_-]{4,}`), Redacted},
	{"xox", regexp.MustCompile(`\bxox[abeprs]-[0-9A-Za-z-]{8,}`), Redacted},
	{"AIza", regexp.MustCompile(`\bAIza(?:[0-9A-Za-z_-]{35}|[0-9A-Za-z_-]{8,}$)`), Redacted},
	{"whsec_", regexp.MustCompile(`whsec_[0-9A-Za-z+/=]{8,}`), Redacted},
	{"whsk_", regexp.MustCompile(`whsk_[0-9A-Za-z+/=]{8,}`), Redacted},
	{"eyJ", regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]*)?`), Redacted},
	{"earer", regexp.MustCompile(`([Bb]earer[ \t]+)[0-9A-Za-z._~+/=-]{4,}`), "${1}" + Redacted},
	{"asic", regexp.MustCompile(`([Aa]uthorization: ?[Bb]asic[ \t]+)[0-9A-Za-z+/=]{4,}`), "${1}" + Redacted},
	{"://", regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://[^\s:/@?#]*:)[^\s/@?#]+@`), "${1}" + Redacted + "@"},
}

const (
	keyBegins = "-----BEGIN "
	keyEnds   = "-----END "
	keyName   = "PRIVATE KEY"
	// longestKey is how many lines of a private key are hidden if its end does not come.
	longestKey = 200
)

// rest matches the rest of a secret at the beginning of the next line.
var rest = regexp.MustCompile(`^[0-9A-Za-z_+/=~.-]{4,}`)

// looks hides what looks like a secret, line by line.
type looks struct {
	key  int  // lines of a private key that may still come, 0 outside of one
	open bool // the last line ended within a secret
}

func (s *looks) line(text string) string {
	if s.key > 0 {
		s.key--
		if i := strings.Index(text, keyEnds); i >= 0 {
			s.key = 0
			return Redacted + afterKey(text[i:])
		}
		return Redacted
	}
	if i := strings.Index(text, keyBegins); i >= 0 && strings.Contains(text[i:], keyName) {
		if j := strings.Index(text[i:], keyEnds); j >= 0 {
			return text[:i] + Redacted + s.line(afterKey(text[i+j:]))
		}
		s.key = longestKey
		return text[:i] + Redacted
	}
	if s.open && text != "" {
		text = rest.ReplaceAllLiteralString(text, Redacted)
	}
	for _, p := range secretPatterns {
		if strings.Contains(text, p.sign) {
			text = p.pattern.ReplaceAllString(text, p.replace)
		}
	}
	if text != "" {
		s.open = strings.HasSuffix(text, Redacted)
	}
	return text
}

// afterKey is what follows the end of a private key on its line.
func afterKey(text string) string {
	if i := strings.Index(text[len(keyEnds):], "-----"); i >= 0 {
		return text[len(keyEnds)+i+len("-----"):]
	}
	return ""
}
