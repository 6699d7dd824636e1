package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/spark-games/spark/tests/faults/history"
)

// Ends that clients expect.
var (
	succeeds  = history.Expectation{State: "succeeded"}
	cancelled = history.Expectation{State: "cancelled"}
	anyEnd    = history.Expectation{}
)

func fails(code string) history.Expectation { return history.Expectation{State: "failed", Code: code} }

// step is a job of a scenario.
type step struct {
	kind      string
	behaviour Behaviour // of a generation
	took      time.Duration
	fails     int
	input     map[string]any
	run       bool // also if what it depends on does not succeed
	expect    history.Expectation
}

// scenario is what one user does in one project, once.
type scenario struct {
	steps  []step
	cancel time.Duration // after which the first job is cancelled; 0 is never
	retry  bool          // the first job is run again if it fails
	key    string        // the concurrency key of the whole; "" for none
	policy string
}

// keyed is a scenario of which one runs at a time in its account. Few keys make many meet.
func keyed(r *rand.Rand, policy string, steps ...step) scenario {
	return scenario{steps: steps, key: fmt.Sprint(policy, r.IntN(2)), policy: policy}
}

func generation(b Behaviour, took time.Duration) step {
	return step{kind: "generation", behaviour: b, took: took, expect: succeeds}
}

func (s step) failing(n int) step              { s.fails = n; return s }
func (s step) ends(e history.Expectation) step { s.expect = e; return s }
func (s step) anyway() step                    { s.run = true; return s }
func build(mode string, end history.Expectation) step {
	return step{kind: "build", input: map[string]any{"mode": mode}, expect: end}
}
func export(format string, end history.Expectation) step {
	return step{kind: "export", input: map[string]any{"format": format}, expect: end}
}

// short and slow are how long a model may take. Slow ones outlast a lease that is not renewed.
func short(r *rand.Rand) time.Duration { return time.Duration(r.IntN(400)) * time.Millisecond }
func slow(r *rand.Rand) time.Duration {
	return 6*time.Second + time.Duration(r.IntN(3000))*time.Millisecond
}

// Mix is what users do, and how often of the sum of the weights.
type Mix []struct {
	weight int
	make   func(r *rand.Rand) scenario
}

// Everything is jobs of all kinds, with all ends.
var Everything = Mix{
	{24, func(r *rand.Rand) scenario { return scenario{steps: []step{generation(OK, short(r))}} }},
	{14, func(r *rand.Rand) scenario { return scenario{steps: []step{generation(OK, slow(r))}} }},
	{8, func(r *rand.Rand) scenario {
		return scenario{steps: []step{generation(Flaky, short(r)).failing(1 + r.IntN(2))}}
	}},
	{4, func(*rand.Rand) scenario {
		return scenario{steps: []step{generation(Down, 0).ends(fails("provider_failed"))}}
	}},
	{4, func(*rand.Rand) scenario {
		return scenario{steps: []step{generation(Refuse, 0).ends(fails("provider_refused"))}}
	}},
	{6, func(r *rand.Rand) scenario {
		return scenario{steps: []step{generation(Hang, 0).ends(cancelled)}, cancel: short(r) + 200*time.Millisecond}
	}},
	{8, func(r *rand.Rand) scenario {
		return scenario{steps: []step{generation(OK, 5*short(r))}, cancel: 1 + 4*short(r)}
	}},
	{12, func(r *rand.Rand) scenario {
		return scenario{steps: []step{generation(OK, short(r)), build("release", succeeds), export([]string{"zip", "html"}[r.IntN(2)], succeeds)}}
	}},
	{6, func(r *rand.Rand) scenario {
		return scenario{steps: []step{generation(OK, short(r)), build("preview", succeeds), generation(OK, short(r)), build("preview", succeeds)}}
	}},
	{4, func(r *rand.Rand) scenario {
		return scenario{steps: []step{generation(Broken, short(r)), build("release", fails("compile_failed")), export("zip", succeeds)}}
	}},
	{4, func(*rand.Rand) scenario {
		return scenario{steps: []step{generation(Refuse, 0).ends(fails("provider_refused")), build("release", anyEnd).anyway(), export("zip", succeeds)}}
	}},
	{4, func(r *rand.Rand) scenario {
		steps := []step{generation(Hang, 0).ends(cancelled), build("release", succeeds), export("zip", anyEnd).anyway()}
		return scenario{steps: steps, cancel: 200*time.Millisecond + short(r)}
	}},
	{6, func(*rand.Rand) scenario { return scenario{steps: []step{{kind: "analytics", expect: succeeds}}} }},
	{4, func(r *rand.Rand) scenario {
		return scenario{steps: []step{generation(Flaky, short(r)).failing(3)}, retry: true}
	}},
	{4, func(r *rand.Rand) scenario { return keyed(r, "queue", generation(OK, short(r))) }},
	{2, func(r *rand.Rand) scenario {
		return keyed(r, "queue", generation(OK, short(r)), build("preview", succeeds))
	}},
	{4, func(r *rand.Rand) scenario { return keyed(r, "replace", generation(OK, 3*short(r))) }},
	{3, func(r *rand.Rand) scenario { return keyed(r, "skip", generation(OK, short(r))) }},
}

// Slow is jobs that take longer than a lease lasts.
var Slow = Mix{{1, func(r *rand.Rand) scenario { return scenario{steps: []step{generation(OK, slow(r))}} }}}

func (m Mix) choose(r *rand.Rand) scenario {
	sum := 0
	for _, c := range m {
		sum += c.weight
	}
	n := r.IntN(sum)
	for _, c := range m {
		if n -= c.weight; n < 0 {
			return c.make(r)
		}
	}
	panic("unreachable: the weights add up to the sum")
}

var priorities = []string{"critical", "default", "default", "low"}

// user plays one scenario to its end.
type user struct {
	*client
	history *history.History
	name    string // unique in the run
}

// play submits the scenario, and follows its jobs until all have ended.
func (u *user) play(ctx context.Context, s scenario, priority string) error {
	project := ""
	if s.steps[0].kind != "analytics" {
		a, err := u.until(ctx, http.MethodPost, "/v1/projects", map[string]any{"name": u.name, "engine": "phaser"}, http.StatusCreated)
		if err != nil {
			return err
		}
		made, err := read[struct{ ID string }](a)
		if err != nil {
			return err
		}
		project = made.ID
	}
	accepted, err := u.submit(ctx, s, project, priority)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	errs := make(chan error, len(accepted)+1)
	for i, j := range accepted {
		all.Go(func() {
			err := u.follow(ctx, u.history, j.ID)
			if _, final := u.history.Seen(j.ID); err == nil && s.retry && i == 0 && final == "failed" {
				err = u.retry(ctx, j.ID)
			}
			errs <- err
		})
	}
	if s.cancel > 0 {
		all.Go(func() { errs <- u.cancelAfter(ctx, accepted[0].ID, s.cancel) })
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// submit submits until it is accepted. A request without an answer may have been accepted, so each has tags of its own.
func (u *user) submit(ctx context.Context, s scenario, project, priority string) ([]*history.Job, error) {
	for try := 1; ; try++ {
		jobs, path, body := u.request(s, project, priority, try)
		sub := history.Submission{Account: u.account, Project: project, At: time.Now()}
		for _, j := range jobs {
			sub.Kinds = append(sub.Kinds, j.Kind)
			sub.Tags = append(sub.Tags, j.Tag)
		}
		a, err := u.once(ctx, http.MethodPost, path, body)
		if err == nil && a.status == http.StatusAccepted {
			sub.Accepted = true
			if err := adopt(jobs, a); err != nil {
				return nil, err
			}
			u.history.Submitted(sub, jobs...)
			return jobs, nil
		}
		u.history.Submitted(sub)
		if err == nil && a.status == http.StatusOK && s.policy == "skip" {
			return nil, nil // another one has the key
		}
		if err == nil && a.status < 500 && a.status != http.StatusTooManyRequests {
			return nil, fmt.Errorf("%s: %d %s", path, a.status, a.body)
		}
		if err := pause(ctx, tryAgainAfter); err != nil {
			return nil, err
		}
	}
}

// request is the request for a scenario, and the jobs that it asks for.
func (u *user) request(s scenario, project, priority string, try int) (jobs []*history.Job, path string, body map[string]any) {
	var steps []map[string]any
	for i, st := range s.steps {
		j := &history.Job{Account: u.account, Project: project, Kind: st.kind, Expect: st.expect, OnDependencyFailure: "cancel",
			Replaceable: s.policy == "replace"}
		input := st.input
		if st.kind == "generation" {
			j.Tag = fmt.Sprintf("%s.%d.%d", u.name, i, try)
			input = map[string]any{"prompt": prompt(j.Tag, st.behaviour, st.took, st.fails), "from_scratch": true}
		}
		asked := map[string]any{"kind": st.kind, "priority": priority}
		if input != nil {
			asked["input"] = input
		}
		if st.run {
			j.OnDependencyFailure = "run"
			asked["on_dependency_failure"] = "run"
		}
		jobs, steps = append(jobs, j), append(steps, asked)
	}
	path, body = "/v1/jobs", steps[0]
	if len(steps) > 1 {
		path, body = "/v1/pipelines", map[string]any{"steps": steps}
	}
	if project != "" {
		body["project_id"] = project
	}
	if s.key != "" {
		body["concurrency_key"], body["concurrency_policy"] = s.key, s.policy
	}
	return jobs, path, body
}

// adopt fills in what the platform answered. Each step of a pipeline waits for the one before.
func adopt(jobs []*history.Job, a *answer) error {
	type job struct{ ID string }
	made := []job{{}}
	pipeline := ""
	if len(jobs) > 1 {
		p, err := read[struct {
			ID   string
			Jobs []job
		}](a)
		if err != nil {
			return err
		}
		made, pipeline = p.Jobs, p.ID
	} else {
		var err error
		if made[0], err = read[job](a); err != nil {
			return err
		}
	}
	if len(made) != len(jobs) {
		return fmt.Errorf("asked for %d jobs and got %d", len(jobs), len(made))
	}
	now := time.Now()
	for i, j := range jobs {
		j.ID, j.Pipeline, j.Accepted = strings.Clone(made[i].ID), pipeline, now
		if i > 0 {
			j.Waits = []string{made[i-1].ID}
		}
	}
	return nil
}

// retry has a failed job run again, and follows it to its end.
func (u *user) retry(ctx context.Context, jobID string) error {
	u.history.Retrying(jobID)
	// A request without an answer may have been heard: then the job is not one that can be retried any more.
	if _, err := u.until(ctx, http.MethodPost, "/v1/jobs/"+jobID+"/retry", nil, http.StatusAccepted, http.StatusConflict); err != nil {
		return err
	}
	return u.follow(ctx, u.history, jobID)
}

// cancelAfter asks for a cancel until the platform has acknowledged it or says that the job has ended.
func (u *user) cancelAfter(ctx context.Context, jobID string, after time.Duration) error {
	if err := pause(ctx, after); err != nil {
		return err
	}
	u.history.CancelSent(jobID)
	a, err := u.until(ctx, http.MethodPost, "/v1/jobs/"+jobID+"/cancel", nil, http.StatusAccepted, http.StatusConflict)
	if err == nil && a.status == http.StatusAccepted {
		u.history.CancelAcked(jobID)
	}
	return err
}
