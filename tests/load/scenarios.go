package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// scenario is a kind of load. A round of it takes so long.
type scenario struct {
	name, what string
	rate       float64 // requests a second
	// most is the aim: the 95th percentile, without an error. 0 is none.
	most time.Duration
	// floor is the scenario that its figures are held against: the least that could be.
	floor string
	send  func(ctx context.Context, n int) error
	// during is what goes on meanwhile, until its context ends. It returns when it has begun, and stop waits for its end. It may be nil.
	during func(ctx context.Context) (stop func() error, err error)
}

// The rates and the aims are those of the issue on the API: two cores that the API, the scheduler, Postgres, Redis and the driver share.
const (
	readRate, submitRate = 500, 300
	readMost, submitMost = 25 * time.Millisecond, 50 * time.Millisecond
)

// all are the scenarios, in the order in which a round has them.
func all(a *account, floor *pgxpool.Pool, w *watchers, run string) []scenario {
	reads := func(ctx context.Context, n int) error { return a.get(ctx, a.read(n)) }
	// Each round has keys of its own: a key that was there is a replay, which is cheaper.
	submissions := func(round string) func(context.Context, int) error {
		return func(ctx context.Context, n int) error {
			return a.submit(ctx, fmt.Sprintf("%s-%s-%d-%d", run, round, time.Now().UnixNano(), n))
		}
	}
	return []scenario{
		{name: "healthz", what: "`GET /healthz`: what HTTP itself takes", rate: readRate,
			send: func(ctx context.Context, _ int) error { return a.get(ctx, "/healthz") }},
		{name: "commit", what: "an insert into Postgres and its commit", rate: submitRate, send: func(ctx context.Context, n int) error {
			_, err := floor.Exec(ctx, "INSERT INTO load_floor (n, text) VALUES ($1, $2)", n, "a row of a table with one index")
			return err
		}},
		{name: "reads", what: "a job, lists of jobs, a project, its files, a file, revisions, usage, the account", rate: readRate, most: readMost,
			floor: "healthz", send: reads},
		{name: "submissions", what: "`POST /v1/jobs` with an `Idempotency-Key`", rate: submitRate, most: submitMost, floor: "commit",
			send: submissions("submit")},
		{name: "mix", what: "four reads and a submission in turns", rate: readRate, floor: "healthz", send: func(ctx context.Context, n int) error {
			if n%5 == 0 {
				return submissions("mix")(ctx, n)
			}
			return reads(ctx, n)
		}},
		{name: "watched", what: fmt.Sprintf("submissions while %d event streams are open", w.count), rate: submitRate, floor: "commit",
			send: submissions("watch"), during: w.run},
	}
}

// read is the path of the nth read.
func (a *account) read(n int) string {
	job, file := a.jobs[n%len(a.jobs)], a.files[n%len(a.files)]
	project := "/v1/projects/" + a.project
	switch n % 10 {
	case 0, 1, 2:
		return "/v1/jobs/" + job
	case 3:
		return "/v1/jobs?limit=20"
	case 4:
		return "/v1/jobs?limit=20&state=queued&project_id=" + a.project
	case 5:
		return project
	case 6:
		return project + "/files"
	case 7:
		return project + "/files/" + file
	case 8:
		return project + "/revisions?limit=20"
	default:
		if n%20 == 9 {
			return "/v1/usage"
		}
		return "/v1/account"
	}
}

func (a *account) submit(ctx context.Context, key string) error {
	var job struct{ ID string }
	err := a.post(ctx, "/v1/jobs", map[string]any{"kind": "analytics", "project_id": a.project, "metadata": map[string]string{"of": "load"}}, key,
		http.StatusAccepted, &job)
	if err == nil && job.ID == "" {
		err = errors.New("a submission was accepted without an id")
	}
	return err
}
