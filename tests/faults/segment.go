package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/spark-games/spark/tests/faults/checker"
	"github.com/spark-games/spark/tests/faults/cluster"
	"github.com/spark-games/spark/tests/faults/history"
	"github.com/spark-games/spark/tests/faults/inject"
	"github.com/spark-games/spark/tests/faults/load"
	"github.com/spark-games/spark/tests/faults/report"
	"github.com/spark-games/spark/tests/faults/sink"
)

const accounts = 12

// streamsWithin is how long the followers of the accounts' streams may take to come to the end.
const streamsWithin = 30 * time.Second

// hooksWithin is how long webhooks may take after everything has settled: the leases of attempts whose worker was killed have to end.
const hooksWithin = 90 * time.Second

// Metrics that show what the fences were good for.
const (
	droppedTasks = "spark_worker_tasks_dropped_total"
	staleResults = "spark_job_stale_results_total"
)

// segment is one run on a platform of its own.
type segment struct {
	programs string
	seed     uint64
	length   time.Duration // of the load and the faults
	drain    time.Duration // how long what was accepted may take to end after that
	users    int           // at a time
	mix      load.Mix
	faults   []inject.Fault
	broken   string // what to leave out of the programs: "fence", "renewal", "repair", or "" for nothing
	keep     bool   // the folder of a run with violations
	clocks   bool   // the programs' clocks can be shifted
	log      io.Writer
}

// run runs the segment. An error means that the suite failed; what the platform did wrong is in the result.
func (s segment) run(ctx context.Context) (res report.Result, err error) {
	res = report.Result{Seed: s.seed, Broken: s.broken, AOF: s.seed%2 == 0, Sentinel: s.seed%3 == 0,
		Docker: s.seed%5 == 0 && cluster.CanRunDocker(), Started: time.Now(), Machine: machine(), Version: version(ctx)}
	model := load.StartModel()
	defer model.Close()
	receiver := sink.Start()
	defer receiver.Close()
	c, err := cluster.Start(ctx, cluster.Options{Programs: s.programs, ModelURL: model.URL(), AOF: res.AOF,
		Sentinel: res.Sentinel, Docker: res.Docker, Clocks: s.clocks, Env: append(s.environment(), receiver.Env()...)})
	if c != nil {
		defer func() { err = errors.Join(err, c.Close(s.keep && (err != nil || len(res.Violations) > 0))) }()
	}
	if err != nil {
		return res, err
	}
	s.say("seed %d: started in %s, in %s", s.seed, time.Since(res.Started).Round(time.Millisecond), c.Dir)
	l := &load.Load{URLs: c.URLs(), History: history.New(), Seed: s.seed, Users: s.users, Mix: s.mix}
	var ids []string
	for i := range accounts + 1 {
		id, key, err := c.NewAccount(ctx, fmt.Sprintf("account %d", i), 1+i%3)
		if err != nil {
			return res, err
		}
		if err := receiver.Register(ctx, c.Store, id); err != nil {
			return res, err
		}
		ids, l.Accounts = append(ids, id), append(l.Accounts, load.Account{ID: id, Key: key})
	}
	prober := l.Accounts[accounts]
	l.Accounts = l.Accounts[:accounts]

	counters := &cluster.Counters{Names: []string{droppedTasks, staleResults}}
	counting, stopCounting := context.WithCancel(ctx)
	defer stopCounting()
	go counters.Run(counting, c.Of(cluster.Worker))

	following, quiet := make(chan error, 1), make(chan struct{})
	watching, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	go func() { following <- l.Follow(watching, quiet, c.LastPosition) }()
	faults, err := s.harm(ctx, c, l, prober)
	if err != nil {
		return res, err
	}
	if err := s.settle(ctx, c, l, model); err != nil {
		return res, err
	}
	close(quiet)
	select {
	case err = <-following:
	case <-time.After(streamsWithin): // what they have not seen is for the checker
		stopWatching()
		err = <-following
	}
	if err != nil {
		return res, err
	}
	stored, err := checker.Read(ctx, c.Store, c.DatabaseURL(), ids)
	if err != nil {
		return res, err
	}
	streams := make(map[string]history.Stream)
	for _, a := range l.Accounts {
		streams[a.ID] = l.History.Stream(a.ID)
	}
	verdict := checker.Check(checker.Evidence{Told: l.History.Jobs(), Streams: streams,
		Submissions: l.History.Submissions(), Asks: model.Asks(), Faults: faults, Stored: stored})
	told, err := s.hooks(ctx, c, receiver, stored)
	if err != nil {
		return res, err
	}
	verdict.Violations = append(verdict.Violations, told...)
	left, err := checker.Leftovers(ctx, c)
	if err != nil {
		return res, err
	}
	res.Violations = append(verdict.Violations, left...)
	res.Jobs, res.Ends, res.Unanswered, res.Excused = len(l.History.Jobs()), verdict.Ends, verdict.Unanswered, verdict.Excused
	res.LostLeases, res.Reconnects = verdict.LostLeases, l.History.Reconnects()
	res.Redeliveries, res.Fenced = counters.Total(droppedTasks), counters.Total(staleResults)
	res.Faults = make(map[string]int)
	for _, f := range faults {
		res.Faults[f.Type]++
	}
	res.Recovery = report.Recoveries(faults, stored)
	var logs []string
	for _, n := range c.Of(cluster.Scheduler) {
		logs = append(logs, n.Log())
	}
	res.Aims, err = report.Aims(faults, stored, logs)
	res.Seconds = time.Since(res.Started).Seconds()
	return res, err
}

// hooks waits until every end of a job was told to the receiver of webhooks.
func (s segment) hooks(ctx context.Context, c *cluster.Cluster, receiver *sink.Sink, stored *checker.Stored) (broken []checker.Violation, err error) {
	ctx, cancel := context.WithTimeout(ctx, hooksWithin)
	defer cancel()
	var ends []sink.End
	for _, j := range stored.Jobs {
		for _, e := range j.Events {
			if e.Type.Terminal() {
				ends = append(ends, sink.End{Job: j.ID, Seq: e.Seq})
			}
		}
	}
	missing, err := receiver.Await(ctx, c.DatabaseURL(), ends)
	for _, e := range missing {
		broken = append(broken, checker.Violation{Kind: checker.Untold, Job: e.Job, Text: fmt.Sprintf("no webhook told its event %d", e.Seq)})
	}
	for _, text := range receiver.Bad() {
		broken = append(broken, checker.Violation{Kind: checker.Untold, Text: text})
	}
	s.say("webhooks: %d ends of jobs, %d of them not told", len(ends), len(missing))
	return broken, err
}

func (s segment) environment() []string {
	if s.broken == "" {
		return nil
	}
	return []string{"SPARK_FAULTS_BREAK=" + s.broken}
}

// harm runs the load and injects the faults. When it returns, all faults are healed and nothing new is submitted.
func (s segment) harm(ctx context.Context, c *cluster.Cluster, l *load.Load, prober load.Account) ([]inject.Record, error) {
	probe := func(ctx context.Context, name string) (load.Probe, error) { return l.Probe(ctx, prober, name) }
	if _, err := probe(ctx, "first"); err != nil {
		return nil, err
	}
	stop := make(chan struct{})
	end := time.Now().Add(s.length)
	loaded := make(chan error, 1)
	playing, giveUp := context.WithDeadline(ctx, end.Add(s.drain))
	defer giveUp()
	go func() { loaded <- l.Run(playing, stop) }()
	schedule := inject.Schedule{Cluster: c, Faults: inject.On(c, s.faults), Seed: s.seed, Probe: probe, Log: s.record}
	faults, err := schedule.Run(ctx, end)
	if err == nil {
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(time.Until(end)):
		}
	}
	close(stop)
	s.say("no more faults after %d; %d of %d jobs are open", len(faults), len(l.History.Open()), len(l.History.Jobs()))
	return faults, errors.Join(err, <-loaded)
}

// settle waits until everything has ended, as far as it does, and has the usage counted.
func (s segment) settle(ctx context.Context, c *cluster.Cluster, l *load.Load, model *load.Model) error {
	model.Drain()
	ctx, cancel := context.WithTimeout(ctx, s.drain)
	defer cancel()
	for {
		b, err := c.Store.Backlog.Survey(ctx, 0)
		if ctx.Err() != nil {
			return nil // what has not ended is for the checker
		}
		if err != nil {
			return err
		}
		open := 0
		for _, n := range b.Counts {
			open += n.Jobs
		}
		if open == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(100 * time.Millisecond):
		}
	}
	if err := l.RollUp(ctx, time.Now().Add(-24*time.Hour)); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

func (s segment) record(r inject.Record) {
	s.say("%-32s %-20s %5.1f s, then accepting after %.2f s, running after %.2f s", r.Type, r.Target,
		r.Healed.Sub(r.At).Seconds(), r.Accepted.Seconds(), r.Finished.Seconds())
}

func (s segment) say(format string, args ...any) {
	fmt.Fprintf(s.log, "%s "+format+"\n", append([]any{time.Now().Format("15:04:05.000")}, args...)...)
}

// machine is where it ran.
func machine() string {
	name := "an unknown processor"
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, ok := strings.Cut(string(raw), "model name\t: "); ok {
			name, _, _ = strings.Cut(rest, "\n")
		}
	}
	return fmt.Sprintf("%s/%s, %d × %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), name)
}

// version is the commit of the sources.
func version(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
