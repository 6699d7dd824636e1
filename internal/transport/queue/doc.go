// Package queue carries dispatched jobs over Redis: the only importer of asynq.
//
// asynq gives the platform its queues, its weighted priorities and its admin page; what it does not promise, the
// database does (see jobs). A task holds a job's id and dispatch number, is never retried by asynq, and may be lost or
// delivered twice without harm. Slots are asynq's, one server per kind; a slot is free when the executor has returned.
//
// asynq asks an empty queue again and again. The waiter turns that into waiting: a hook on the connection holds back
// the "nothing there" answer until somebody publishes that there is work (or a second has passed), so an idle worker is
// nearly silent and a job starts a moment after its commit.
package queue
