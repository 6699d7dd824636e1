package models

// ConcurrencyPolicy says what a submission does when others of its concurrency key have not ended.
type ConcurrencyPolicy string

// The policies. "" is queue.
const (
	ConcurrencyQueue   ConcurrencyPolicy = "queue"   // waits for them
	ConcurrencyReplace ConcurrencyPolicy = "replace" // cancels them, and waits until they have ended
	ConcurrencySkip    ConcurrencyPolicy = "skip"    // is not submitted
)

// Valid reports whether the policy is known.
func (p ConcurrencyPolicy) Valid() bool {
	return p == ConcurrencyQueue || p == ConcurrencyReplace || p == ConcurrencySkip
}
