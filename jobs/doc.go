// Package jobs is the platform's heart: what a job is asked to do, where it waits, who runs it and what becomes of it.
//
// A request becomes a row (Service), committed before the caller hears of it. The Dispatcher releases due rows into a
// bounded window in Redis, fairly between accounts. A worker's Executor claims a released row under a lease, runs the
// kind's Handler, and finishes the row; every write carries the attempt as its fence, so a worker that was given up
// cannot change anything. The Repairer finds what got lost: leases of dead workers, tasks that Redis forgot.
//
// The database is the truth and is reached through the small interfaces declared next to their consumers; Redis only
// carries hints. Nothing here knows SQL, Redis, HTTP or Docker.
package jobs
