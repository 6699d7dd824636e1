// Package peers drives Spark and the job queues that it is compared with through one interface. All of them run the same jobs, which
// do nothing, on the same Postgres and Redis.
package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Peer is one job queue, used for one round of one workload. The methods are called in the order in which they stand here; Submit
// and Finished may be called several times, also before Work.
type Peer interface {
	// Setup makes its stores, empty, and connects to them. Nothing works yet.
	Setup(ctx context.Context) error
	// Submit submits jobs as the load says, and returns how many were accepted.
	Submit(ctx context.Context, l Load) (int, error)
	// Work starts a worker that runs so many jobs at once.
	Work(ctx context.Context, slots int) error
	// Finished waits until so many jobs in all have finished with their results stored, or ctx is done. It returns how many have.
	Finished(ctx context.Context, n int) (int, error)
	// Waits are the times from when each job was due to be submitted to the start of its handler, for all jobs so far.
	Waits() ([]time.Duration, error)
	// Counts asks the stores what they hold.
	Counts(ctx context.Context) (Counts, error)
	// Close stops everything and removes the stores.
	Close() error
}

// Loader is a peer that has a faster way to take a backlog than Submit.
type Loader interface {
	Load(ctx context.Context, n int) error
}

// Releaser is a peer that hands jobs over to Redis after it has accepted them. Released waits until so many have been.
type Releaser interface {
	Released(ctx context.Context, n int) error
}

// Load says what is submitted, by how many callers and when.
type Load struct {
	Callers int
	Jobs    int           // at most
	For     time.Duration // at most; 0 is no limit
	// Rate is how many jobs a second are due, at irregular moments, however long the earlier ones take. 0 has each caller submit
	// its next job as soon as the last one was accepted.
	Rate float64
}

// Counts is what a peer's stores hold.
type Counts struct {
	Waiting int // jobs that have not finished
	Done    int // jobs that have finished; of a peer that forgets them, those that its workers have counted
}

func (c Counts) minus(before Counts) Counts {
	return Counts{Waiting: c.Waiting - before.Waiting, Done: c.Done - before.Done}
}

// Check says what is wrong with the counts of a peer that accepted and finished so many jobs. While some are being finished the store may
// be ahead.
func (c Counts) Check(accepted, finished int) error {
	settled := finished == 0 || finished == accepted
	if settled && c != (Counts{Waiting: accepted - finished, Done: finished}) || !settled && c.Done < finished {
		return fmt.Errorf("%d jobs were accepted and %d finished, and the store holds %d that wait and %d that are done", accepted, finished, c.Waiting, c.Done)
	}
	return nil
}

// body is what every job carries: when it was due to be submitted.
type body struct {
	Since time.Time `json:"since"`
}

// payload encodes a body. All peers carry the same bytes.
func payload(since time.Time) []byte {
	return []byte(`{"since":"` + since.UTC().Format("2006-01-02T15:04:05.000000000Z07:00") + `"}`)
}

// PayloadBytes is how long a payload is.
func PayloadBytes() int { return len(payload(time.Now())) }

func readPayload(data []byte) (time.Time, error) {
	var b body
	err := json.Unmarshal(data, &b)
	return b.Since, err
}
