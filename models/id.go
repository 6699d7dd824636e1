package models

import "github.com/google/uuid"

// NewID makes a UUIDv7: unique, and sorted by the time it was made, which keeps indexes compact and lists in order.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// ValidID reports whether s is a UUID in the canonical lower-case form that NewID makes.
func ValidID(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}
