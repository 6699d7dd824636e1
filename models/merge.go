package models

// MergeConflict is what two revisions have both changed, in different ways.
type MergeConflict struct {
	Path string
	Kind MergeConflictKind
	// Side is which of the two, "ours" or "theirs", has deleted or moved the file.
	Side string
	To   string // where it has moved to
	// Hunks are the places of a text that conflict. More says that there are others.
	Hunks []MergeHunk
	More  bool
}

// MergeConflictKind is what is in the way of a merge.
type MergeConflictKind string

// The kinds of conflicts.
const (
	ConflictModified MergeConflictKind = "modified"  // both have changed the same lines
	ConflictDeleted  MergeConflictKind = "deleted"   // one has deleted what the other has changed
	ConflictMoved    MergeConflictKind = "moved"     // one has moved what the other has changed
	ConflictAdded    MergeConflictKind = "added"     // both have added it
	ConflictBinary   MergeConflictKind = "binary"    // both have changed what is no text
	ConflictTooLarge MergeConflictKind = "too_large" // both have changed a text that is too large to be merged
)

// MergeHunk is a place of a text that two revisions have changed in different ways.
type MergeHunk struct {
	Line               int // in the common base, from 1
	Base, Ours, Theirs string
}

// ConflictError refuses a merge, and says why.
type ConflictError struct {
	Why       *Error
	Conflicts []MergeConflict
}

func (e *ConflictError) Error() string { return e.Why.Error() }

// Unwrap is the error without the conflicts.
func (e *ConflictError) Unwrap() error { return e.Why }
