package main

import (
	"fmt"
	"hash/fnv"
)

// shard is one of several equal parts of the tests.
type shard struct{ n, of uint32 }

// UnmarshalText reads "1/4".
func (s *shard) UnmarshalText(text []byte) error {
	var rest string
	if n, _ := fmt.Sscanf(string(text), "%d/%d%s", &s.n, &s.of, &rest); n != 2 || s.n < 1 || s.n > s.of {
		return fmt.Errorf("%q is not a shard: the first of four is 1/4", text)
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (s shard) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d/%d", s.n, s.of), nil }

// has reports whether a test is in the shard. It depends only on the test's name: adding a test moves no other.
func (s shard) has(pkg, test string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(pkg + "." + test)) // a hash never fails
	return h.Sum32()%s.of == s.n-1
}
