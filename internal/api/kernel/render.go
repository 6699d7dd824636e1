package kernel

import (
	"encoding/json"
	"time"

	"github.com/spark-games/spark/models"
)

// Entries is the manifest as a list that is never null.
func Entries(m models.Manifest) []models.ManifestEntry {
	if m == nil {
		return []models.ManifestEntry{}
	}
	return m
}

// OrZero is what p points at, or the zero value for nil.
func OrZero[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// OrNull is nil for "".
func OrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// UTC is a time that may be missing, as the API shows it.
func UTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// RawJSON is the value as it is, or null.
func RawJSON(j models.JSON) json.RawMessage {
	if len(j) == 0 {
		return nil
	}
	return json.RawMessage(j)
}
