// Package queue carries dispatched jobs over Redis: the only importer of asynq.
//
// asynq provides the queues, the weighted priorities and the admin page; the database guarantees what asynq does not
// (see jobs). A task holds a job's id and dispatch number, is never retried by asynq, and may be lost or
// delivered twice without harm. Slots are asynq's, one server per kind; a slot is free when the executor has returned.
//
// asynq polls an empty queue. The waiter turns polling into waiting: a hook on the connection holds back the "nothing
// there" answer until somebody publishes that there is work (or a second has passed), so an idle worker sends almost no
// requests and a job starts right after its commit.
package queue
