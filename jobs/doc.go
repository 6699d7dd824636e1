// Package jobs is the core of the platform: what a job is asked to do, where it waits, who runs it and how it ends.
//
// A request becomes a row (Service), committed before the caller gets an answer. The Dispatcher releases due rows into a bounded
// window in Redis, fairly between accounts. A worker's Executor claims a released row under a lease, runs the kind's Handler,
// and finishes the row; every write carries the attempt as its fence, so a worker that has lost its lease cannot change
// anything. The Repairer finds what was lost: leases of dead workers, and tasks that Redis lost.
//
// The database is the source of truth and is used through the small interfaces declared next to their consumers; Redis only
// carries hints. Nothing here knows SQL, Redis, HTTP or Docker.
package jobs
