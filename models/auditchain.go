package models

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"time"
)

// An account's entries form a chain: each has the hash of the one before. The hash of an entry is the SHA-256, in lowercase hex, of
//
//	"spark audit entry 1\n" netstring…
//
// where the netstrings ("5:hello," — the length in bytes, a colon, the bytes, a comma) are those of the fields in the order of hashEntry:
// numbers in decimal, times in UTC as 2006-01-02T15:04:05.000000Z, and "" for what there is not.

// chainTime is the form of times in what is hashed, as exact as the databases keep them.
const chainTime = "2006-01-02T15:04:05.000000Z"

func timeText(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(chainTime)
}

func netstrings(h hash.Hash, fields ...string) {
	for _, f := range fields {
		_, _ = io.WriteString(h, strconv.Itoa(len(f))+":"+f+",") // a hash takes everything
	}
}

// HashPersonal is the hash that stands in the chain for what can be erased.
func (e *AuditEntry) HashPersonal() string {
	h := sha256.New()
	_, _ = io.WriteString(h, "spark audit personal 1\n")
	netstrings(h, e.Salt, e.EndUser, e.Address)
	return hex.EncodeToString(h.Sum(nil))
}

// HashEntry is the hash of a chained entry, from its fields and that of the one before.
func (e *AuditEntry) HashEntry() string {
	h := sha256.New()
	_, _ = io.WriteString(h, "spark audit entry 1\n")
	sequence := ""
	if e.Sequence != nil {
		sequence = strconv.FormatInt(*e.Sequence, 10)
	}
	netstrings(h, e.PreviousHash, e.AccountID, sequence, e.ID, timeText(&e.At), e.Action, string(e.Outcome), string(e.Code),
		e.ResourceKind, e.ResourceID, string(e.ActorKind), e.ActorAccountID, e.KeyID, e.UserID, e.RequestID, e.PersonalHash,
		strconv.Itoa(e.Count), timeText(e.Since), e.Details)
	return hex.EncodeToString(h.Sum(nil))
}

// Erased reports whether what is about people was removed from the entry.
func (e *AuditEntry) Erased() bool { return e.Salt == "" && e.EndUser == "" && e.Address == "" }

// BrokenError says which entry of a chain is the first that is not as it was written, or is missing.
type BrokenError struct {
	AccountID string
	Sequence  int64
	Why       string
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("entry %d of account %s: %s", e.Sequence, e.AccountID, e.Why)
}

// ChainVerifier checks the entries of one account's chain in their order.
type ChainVerifier struct {
	AccountID string
	Sequence  int64  // of the last entry; at first of the one before those that are checked, 0 for none
	Hash      string // of the last entry; "" for none
	Entries   int    // how many were checked
	Erased    int    // how many of them lack what is about people
}

// Next checks the next entry; the error is a *BrokenError.
func (v *ChainVerifier) Next(e *AuditEntry) error {
	if e.Sequence == nil {
		return errors.New("an entry has no place in the chain yet")
	}
	broken := func(sequence int64, why string) error { return &BrokenError{v.AccountID, sequence, why} }
	switch {
	case e.AccountID != v.AccountID:
		return broken(v.Sequence+1, "is one of another account")
	case *e.Sequence > v.Sequence+1:
		return broken(v.Sequence+1, "is missing")
	case *e.Sequence <= v.Sequence:
		return broken(*e.Sequence, "is there twice, or not in its place")
	case e.PreviousHash != v.Hash:
		return broken(*e.Sequence, "does not follow from the one before it, which was changed or replaced")
	case !e.Erased() && e.HashPersonal() != e.PersonalHash:
		return broken(*e.Sequence, "was changed: its end user or address is not what was written")
	case e.HashEntry() != e.Hash:
		return broken(*e.Sequence, "was changed")
	}
	v.Sequence, v.Hash = *e.Sequence, e.Hash
	v.Entries++
	if e.Erased() {
		v.Erased++
	}
	return nil
}

// End checks that the last entry is the newest that there was, as a head or an anchor says.
func (v *ChainVerifier) End(sequence int64, hash string) error {
	switch {
	case v.Sequence < sequence:
		return &BrokenError{v.AccountID, v.Sequence + 1, "is missing"}
	case v.Sequence == sequence && v.Hash != hash:
		return &BrokenError{v.AccountID, sequence, "is not the one that was written"}
	}
	return nil
}
