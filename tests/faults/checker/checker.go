// Package checker compares what clients were told with what the platform has stored and left behind, and lists every broken promise.
package checker

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/faults/history"
	"github.com/spark-games/spark/tests/faults/inject"
	"github.com/spark-games/spark/tests/faults/load"
)

// Kind is a promise that can be broken.
type Kind string

// The kinds of violations.
const (
	Lost        Kind = "lost"             // an accepted job that has not ended
	Invented    Kind = "invented"         // a job that nobody submitted
	Duplicate   Kind = "duplicate effect" // more or other results than the one
	Stale       Kind = "fenced-out write" // by an attempt that had lost its fence
	Gap         Kind = "event gap"
	WrongEnd    Kind = "wrong end"
	RanOn       Kind = "ran after cancel"
	Dependents  Kind = "dependents"
	Together    Kind = "ran together" // two holders of one concurrency key
	Usage       Kind = "usage"
	Content     Kind = "stored content"
	LeftBehind  Kind = "left behind"
	Crashed     Kind = "crashed"
	Unrecovered Kind = "not recovered"
	Untold      Kind = "untold" // an end of which no webhook told
)

// Violation is a broken promise.
type Violation struct {
	Kind Kind   `json:"kind"`
	Job  string `json:"job,omitempty"`
	Text string `json:"text"`
}

func (v Violation) String() string {
	if v.Job == "" {
		return string(v.Kind) + ": " + v.Text
	}
	return fmt.Sprintf("%s: job %s: %s", v.Kind, v.Job, v.Text)
}

// Evidence is everything that the checker looks at.
type Evidence struct {
	Told        []history.Job
	Streams     map[string]history.Stream // by account
	Submissions []history.Submission
	Asks        []load.Ask
	Faults      []inject.Record
	Stored      *Stored
}

// Verdict is the checker's answer.
type Verdict struct {
	Violations []Violation
	Ends       map[string]int // accepted jobs by their state
	Unanswered int            // jobs that were accepted without their client hearing of it
	LostLeases int            // attempts whose worker was taken for lost
	Excused    int            // jobs that ended otherwise because of a fault
}

// check is one run of the checker.
type check struct {
	Evidence
	Verdict
	told map[string]*history.Job
	asks map[int64]*load.Ask
	tags map[string][]*load.Ask
}

// Check checks everything.
func Check(e Evidence) Verdict {
	c := &check{Evidence: e, told: make(map[string]*history.Job), asks: make(map[int64]*load.Ask), tags: make(map[string][]*load.Ask)}
	c.Ends = make(map[string]int)
	for i := range e.Told {
		c.told[e.Told[i].ID] = &e.Told[i]
	}
	for i := range e.Asks {
		a := &e.Asks[i]
		c.asks[a.No], c.tags[a.Tag] = a, append(c.tags[a.Tag], a)
	}
	for i := range e.Told {
		c.accepted(&e.Told[i])
	}
	c.invented()
	for _, s := range e.Streams {
		for _, gap := range s.Gaps {
			c.broken(Gap, "", "in an account's stream: %s", gap)
		}
	}
	for _, id := range e.Stored.order {
		j := e.Stored.Jobs[id]
		c.events(j)
		c.streamed(j)
		c.effects(j)
	}
	c.keys()
	c.usage()
	c.recovered()
	slices.SortStableFunc(c.Violations, func(a, b Violation) int { return cmp.Compare(a.Kind, b.Kind) })
	return c.Verdict
}

func (c *check) broken(k Kind, job, format string, args ...any) {
	c.Violations = append(c.Violations, Violation{k, job, fmt.Sprintf(format, args...)})
}

// recovered checks that the platform ran new jobs after each fault.
func (c *check) recovered() {
	for _, f := range c.Faults {
		if f.Recovered.IsZero() {
			c.broken(Unrecovered, "", "no new job ran within a minute after %q of %s", f.Type, f.Target)
		}
	}
}

// aftermath is how long after its healing a fault may still have effects: leases end, connections are found dead.
const aftermath = 15 * time.Second

// struck counts the faults during a time span that which is true of.
func (c *check) struck(from, to time.Time, which func(inject.Record) bool) (n int) {
	for _, f := range c.Faults {
		if which(f) && f.Covers(from, to, aftermath) {
			n++
		}
	}
	return n
}

// lifetime is from a job's submission to its end.
func lifetime(j *models.Job) (from, to time.Time) {
	if j.FinishedAt == nil {
		return j.CreatedAt, time.Now()
	}
	return j.CreatedAt, *j.FinishedAt
}
