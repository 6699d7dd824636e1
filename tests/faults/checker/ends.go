package checker

import (
	"strings"
	"time"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/faults/history"
	"github.com/spark-games/spark/tests/faults/inject"
)

// accepted checks a job that a client was told is accepted.
func (c *check) accepted(t *history.Job) {
	j := c.Stored.Jobs[t.ID]
	switch {
	case j == nil:
		c.broken(Lost, t.ID, "%s accepted at %s is not in the database", t.Kind, t.Accepted.Format(time.StampMilli))
		return
	case !j.State.Terminal():
		c.broken(Lost, t.ID, "%s accepted at %s is %s after %d attempts", t.Kind, t.Accepted.Format(time.StampMilli), j.State, j.Attempt)
		return
	}
	c.Ends[string(j.State)]++
	if string(j.Kind) != t.Kind || j.AccountID != t.Account || j.ProjectID != t.Project {
		c.broken(WrongEnd, t.ID, "it is not the job that was submitted")
	}
	switch {
	case t.Final == "":
		c.broken(Gap, t.ID, "its client never saw the end, only %d of %d events", t.LastSeq, len(j.Events))
	case t.Final != string(j.State):
		c.broken(Gap, t.ID, "its client was told that it %s, and it is %s", t.Final, j.State)
	case t.LastSeq != int64(len(j.Events)):
		c.broken(Gap, t.ID, "its client saw %d of %d events", t.LastSeq, len(j.Events))
	}
	for _, gap := range t.Gaps {
		c.broken(Gap, t.ID, "%s", gap)
	}
	c.cancelled(t, j)
	if !c.dependent(t, j) {
		c.end(t, j)
	}
}

// end checks how a job ended that could run.
func (c *check) end(t *history.Job, j *Job) {
	want := t.Expect
	ok := want.State == string(j.State) && (want.Code == "" || want.Code == string(j.ErrorCode))
	switch {
	case ok, want.State == "" && j.State != models.StateCancelled:
	case t.Replaceable && j.State == models.StateCancelled && j.ErrorCode == models.CodeCancelled:
	case !t.CancelSent.IsZero() && j.State == models.StateCancelled && j.ErrorCode == models.CodeCancelled:
	case c.excused(j):
		c.Excused++
	default:
		c.broken(WrongEnd, t.ID, "%s should have %s %s, and it %s %s %q after %d attempts and %d failures", t.Kind, want.State, want.Code,
			j.State, j.ErrorCode, j.ErrorMessage, j.Attempt, j.Failures)
	}
}

// excused reports whether the faults explain why a job failed.
func (c *check) excused(j *Job) bool {
	if j.State != models.StateFailed {
		return false
	}
	from, to := lifetime(j.Job)
	switch j.ErrorCode {
	case models.CodeProviderFailed, models.CodeProviderTruncated, models.CodeProviderOutput:
		return c.struck(from, to, func(f inject.Record) bool {
			return strings.HasSuffix(f.Target, ">model") || f.Type == inject.IsolateWorker || f.Type == inject.StopWorker
		}) > 0
	case models.CodeSandboxFailed: // each time the daemon took its container
		return c.struck(from, to, func(f inject.Record) bool { return f.Target == "docker" }) >= 3
	case models.CodePoisonous:
		return c.struck(from, to, costsLeases) >= 3
	}
	return false
}

// costsLeases reports whether a fault can make a worker lose its leases.
func costsLeases(f inject.Record) bool {
	return strings.HasPrefix(f.Target, "worker") || f.Target == "postgres"
}

// dependent checks a job that waited for another that did not succeed, and reports whether that alone decides its end.
func (c *check) dependent(t *history.Job, j *Job) bool {
	lost := ""
	for _, id := range t.Waits {
		before := c.Stored.Jobs[id]
		if before == nil || !before.State.Terminal() {
			continue // that is reported already
		}
		if before.State != models.StateSucceeded {
			lost = id
		}
		if j.StartedAt != nil && before.FinishedAt != nil && j.Events[len(j.Events)-1].Attempt > 0 {
			if first := firstStart(j); first.Before(*before.FinishedAt) {
				c.broken(Dependents, t.ID, "it started at %s, before the job that it waited for had ended at %s", first, before.FinishedAt)
			}
		}
	}
	if lost == "" || t.OnDependencyFailure != "cancel" {
		if j.ErrorCode == models.CodeDependencyFailed {
			c.broken(Dependents, t.ID, "it was cancelled for a dependency, and its policy is %q and none is lost", t.OnDependencyFailure)
		}
		return false
	}
	if j.State != models.StateCancelled || j.Attempt > 0 {
		c.broken(Dependents, t.ID, "it is %s after %d attempts, although job %s did not succeed", j.State, j.Attempt, lost)
	}
	return true
}

func firstStart(j *Job) time.Time {
	for _, e := range j.Events {
		if e.Type == models.EventStarted {
			return e.CreatedAt
		}
	}
	return time.Time{}
}

// invented checks that every job was submitted: those that no client was told of must be those of a request without an answer.
func (c *check) invented() {
	type place struct{ account, project, kind string }
	open := make(map[place]int)
	tags := make(map[string]bool)
	for _, s := range c.Submissions {
		for i, kind := range s.Kinds {
			if !s.Accepted {
				open[place{s.Account, s.Project, kind}]++
			}
			tags[s.Tags[i]] = true
		}
	}
	for _, id := range c.Stored.order {
		j := c.Stored.Jobs[id]
		if c.told[id] != nil {
			continue
		}
		at := place{j.AccountID, j.ProjectID, string(j.Kind)}
		if open[at]--; open[at] < 0 || j.Kind == models.KindGeneration && !tags[tagOf(j)] {
			c.broken(Invented, id, "%s of account %s was submitted by nobody", j.Kind, j.AccountID)
			continue
		}
		c.Unanswered++
		if !j.State.Terminal() {
			c.broken(Lost, id, "%s, of whose acceptance nobody was told, is %s after %d attempts", j.Kind, j.State, j.Attempt)
		}
	}
}
