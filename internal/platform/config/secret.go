package config

import (
	"fmt"
	"net/url"
	"reflect"
)

// Secret is a string that prints as "[redacted]" in every way but Reveal. The content sits behind a pointer, because
// formatting by reflection reaches unexported fields.
type Secret struct{ value *string }

// NewSecret hides s; "" is the zero Secret.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{&s}
}

// Reveal is the string itself.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// MarshalText keeps the secret out of JSON and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Secret) String() string {
	if s.value == nil {
		return ""
	}
	return "[redacted]"
}

// Format prints every verb redacted.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// Secrets are all secrets that are set, for those who keep them out of what they show: of a URL its password, and any
// other as it is.
func (c *Config) Secrets() []string { return secretsIn(reflect.ValueOf(*c)) }

func secretsIn(v reflect.Value) (list []string) {
	if s, ok := reflect.TypeAssert[Secret](v); ok {
		return secretParts(s.Reveal())
	}
	if v.Kind() != reflect.Struct {
		return nil
	}
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			list = append(list, secretsIn(v.Field(i))...)
		}
	}
	return list
}

func secretParts(s string) []string {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return []string{s}
	}
	if password, ok := u.User.Password(); ok {
		return []string{password}
	}
	return nil
}
