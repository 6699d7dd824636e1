package main

import (
	"time"

	"github.com/spark-games/spark/tests/bench/results"
)

// size is how much a run measures.
type size struct {
	Note    string // for the report
	Rounds  int
	Warmup  int           // jobs before the clock starts
	Jobs    int           // of a round, at most
	For     time.Duration // of a round, at most
	Backlog int
	Drain   time.Duration // of a round that drains the backlog, at most
	Paced   time.Duration // of a round that measures waiting
	Release int           // jobs that are weighed in Redis
	Grown   int           // finished jobs of a grown database, and as many that wait
	Settle  time.Duration // before programs count as idle
	Idle    time.Duration // of a look at idle programs
}

var (
	full = size{Rounds: 5, Warmup: 1000, Jobs: 20_000, For: 10 * time.Second, Backlog: 100_000, Drain: 30 * time.Second, Paced: 10 * time.Second,
		Release: 10_000, Grown: 1_000_000, Settle: 15 * time.Second, Idle: 10 * time.Second}
	short = size{Note: " This is the short form, whose figures are not to be judged by.",
		Rounds: 1, Warmup: 100, Jobs: 2000, For: time.Second, Backlog: 4000, Drain: 3 * time.Second,
		Paced:   1500 * time.Millisecond,
		Release: 2000, Grown: 10_000, Settle: 2 * time.Second, Idle: time.Second}
)

const (
	slots       = 100
	halfCallers = 64
	idleRate    = 40 // jobs a second
)

// How a workload is measured.
type measure int

const (
	submitting measure = iota // jobs are submitted, and no worker runs
	working                   // a worker runs while jobs are submitted, until the last one has finished
	draining                  // a worker takes what was submitted before
	waiting                   // the time from submit to start, of jobs that are due at irregular moments
	weighing                  // memory of Redis
	idling                    // what Spark's programs use when there is nothing to do
)

// workload is what is measured of several subjects, in turns.
type workload struct {
	id       string
	title    string
	brief    string // of the title
	how      measure
	callers  int
	half     bool // of waiting: at half of the rate that the subject reached in the workload noop; else few jobs
	subjects []string
	figures  []results.Figure
}

var (
	rates = []results.Figure{results.Rate, results.CPU, results.Written}
	waits = []results.Figure{results.P99, results.P50}
)

// workloads are in the order in which they run: half needs what noop came to.
var workloads = []workload{
	{id: "noop", title: "No-op jobs, submit → stored result, 16 callers, 100 slots", brief: "no-op jobs", how: working, callers: 16,
		subjects: []string{spark, sparkGrown, embedded, asynq, river, bullmq, graphile}, figures: rates},
	{id: "idle", title: "Submit → handler starts, idle", brief: "start, idle", how: waiting, callers: 1,
		subjects: []string{spark, sparkGrown, embedded, asynq, river, bullmq, graphile}, figures: waits},
	{id: "half", title: "Submit → handler starts, at half of the subject's no-op rate (of Spark's for the grown database)", brief: "start, half load",
		how: waiting, callers: halfCallers, half: true, subjects: []string{spark, sparkGrown, asynq, river, bullmq, graphile}, figures: waits},
	{id: "drain", title: "Draining a backlog, 100 slots", brief: "draining", how: draining,
		subjects: []string{spark, sparkGrown, asynq, river, bullmq, graphile}, figures: rates},
	{id: "submit16", title: "Durable submit, 16 callers", brief: "submit, 16 callers", how: submitting, callers: 16,
		subjects: []string{spark, sparkGrown, embedded, asynq, river, bullmq, graphile}, figures: rates},
	{id: "submit256", title: "Durable submit, 256 callers", brief: "submit, 256 callers", how: submitting, callers: 256,
		subjects: []string{spark, sparkGrown, asynq, river, bullmq, graphile}, figures: rates},
	{id: "submit64", title: "Durable submit, 64 keep-alive clients over HTTP, or 64 callers of a library", brief: "submit over HTTP",
		how: submitting, callers: 64, subjects: []string{sparkHTTP, httpGrown, river, asynq}, figures: rates},
	{id: "redis", title: "Memory of Redis for a job that waits in it", how: weighing, subjects: []string{spark, asynq, bullmq},
		figures: []results.Figure{results.Redis}},
	{id: "programs", title: "Spark's programs, idle", how: idling, subjects: programs, figures: []results.Figure{results.Busy, results.Memory}},
}

// programs are the subjects of an idle platform. Postgres and Redis are shown beside it.
var programs = []string{"api", "worker", "scheduler", "Postgres", "Redis"}
