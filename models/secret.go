package models

import (
	"fmt"
	"log/slog"
	"sync/atomic"
)

// Secret is a string that prints as "[redacted]"; only Reveal returns it. The content is behind a pointer, because
// formatting by reflection reads unexported fields without calling a method. Copies share it: whoever calls Reveal when the secret is
// needed, and not before, follows its rotation.
type Secret struct{ value *atomic.Pointer[string] }

// NewSecret hides a string; "" is the zero Secret.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	value := new(atomic.Pointer[string])
	value.Store(&s)
	return Secret{value}
}

// Rotate replaces the string in all copies of a secret. The zero Secret has nothing to replace.
func (s Secret) Rotate(to string) {
	if s.value != nil {
		s.value.Store(&to)
	}
}

// Reveal is the string itself.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value.Load()
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// MarshalText keeps the secret out of JSON and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return "[redacted]"
}

// Format redacts every verb, including those that strings do not have.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// LogValue keeps the secret out of slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
