package models

import "time"

// Pruning is the result of one batch of removals.
type Pruning struct {
	Removed map[string]int // how many, by what they are: "jobs", "events", …
	More    bool           // there is more to remove now
	Oldest  time.Time      // of what is left; zero if nothing is
}
