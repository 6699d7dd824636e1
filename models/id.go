package models

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// NewID makes a UUIDv7: unique, and sorted by the time it was made, which keeps indexes compact and lists in order.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// ValidID reports whether s is a UUID in the canonical lower-case form that NewID makes.
func ValidID(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}

// IDTime is when NewID made an id, to the millisecond; ok is false for any other id.
func IDTime(id string) (t time.Time, ok bool) {
	u, err := uuid.Parse(id)
	if err != nil || u.Version() != 7 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(u[:8]) >> 16)).UTC(), true
}

// FirstID is before every id that is made at or after a time, and after all earlier ones.
func FirstID(t time.Time) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(max(t.UnixMilli(), 0))<<16)
	return u.String()
}
