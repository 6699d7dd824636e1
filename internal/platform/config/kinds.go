package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spark-games/spark/models"
)

// Kinds is a comma-separated list of kinds of jobs.
type Kinds []models.Kind

// UnmarshalText implements encoding.TextUnmarshaler; it serves flags and the environment.
func (k *Kinds) UnmarshalText(text []byte) error {
	*k = nil
	for name := range strings.SplitSeq(string(text), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !models.Kind(name).Valid() {
			return fmt.Errorf("unknown kind %q: it is generation, build, export or analytics", name)
		}
		*k = append(*k, models.Kind(name))
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (k Kinds) MarshalText() ([]byte, error) {
	names := make([]string, len(k))
	for i, kind := range k {
		names[i] = string(kind)
	}
	return []byte(strings.Join(names, ",")), nil
}

// OrAll is the list, or every kind if it is empty.
func (k Kinds) OrAll() []models.Kind {
	if len(k) == 0 {
		return models.Kinds()
	}
	return k
}

// Concurrency is a list of slots by kind: "build=2,generation=16".
type Concurrency map[models.Kind]int

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Concurrency) UnmarshalText(text []byte) error {
	*c = make(Concurrency)
	for pair := range strings.SplitSeq(string(text), ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, number, _ := strings.Cut(pair, "=")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if kind := models.Kind(strings.TrimSpace(name)); !kind.Valid() || err != nil || n < 1 || n > 1000 {
			return fmt.Errorf(`%q is not "kind=slots" with 1 to 1000 slots`, pair)
		}
		(*c)[models.Kind(strings.TrimSpace(name))] = n
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (c Concurrency) MarshalText() ([]byte, error) {
	var pairs []string
	for _, k := range models.Kinds() {
		if n, ok := c[k]; ok {
			pairs = append(pairs, fmt.Sprintf("%s=%d", k, n))
		}
	}
	return []byte(strings.Join(pairs, ",")), nil
}
