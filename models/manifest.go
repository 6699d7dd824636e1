package models

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
)

// Sort orders the manifest by path, the canonical order.
func (m Manifest) Sort() { sort.Slice(m, func(i, j int) bool { return m[i].Path < m[j].Path }) }

// Digest is the hex SHA-256 over the sorted paths and content hashes, so equal content has an equal digest.
func (m Manifest) Digest() string {
	h := sha256.New()
	for _, e := range m {
		fmt.Fprintf(h, "%s %d %s\n", e.SHA256, e.Size, e.Path)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Value implements driver.Valuer.
func (m Manifest) Value() (driver.Value, error) {
	b, err := json.Marshal(m)
	return string(b), err
}

// Scan implements sql.Scanner.
func (m *Manifest) Scan(src any) error {
	var raw JSON
	if err := raw.Scan(src); err != nil {
		return err
	}
	if len(raw) == 0 {
		*m = nil
		return nil
	}
	return json.Unmarshal(raw, m)
}

// Paths are the paths of the files, in the manifest's order.
func (m Manifest) Paths() []string {
	paths := make([]string, len(m))
	for i, e := range m {
		paths[i] = e.Path
	}
	return paths
}
