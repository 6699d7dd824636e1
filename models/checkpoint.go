package models

import "time"

// Checkpoint is what is left of the entries of an account's audit that were removed, from the first on: the last of them. The platform signs it. Hash is
// that of the entry, which the next one has as its PreviousHash.
type Checkpoint struct {
	AccountID string    `json:"account_id"`
	Sequence  int64     `json:"sequence"` // also how many were removed
	Hash      string    `json:"hash"`
	At        time.Time `json:"at"` // when they were removed
}
