package models

// ErasedEndUser is how much was erased of an end user.
type ErasedEndUser struct {
	Jobs         int // which have ended
	Pipelines    int
	Revisions    int // whose prompt and message were theirs
	Schedules    int // that submitted for them, and are removed
	AuditEntries int
	Answers      int // to requests with idempotency keys
	// Open is how many of their jobs have been cancelled and not ended yet; they are to be erased when they have.
	Open int
}
