package checker

import (
	"encoding/json"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/faults/load"
)

// tagOf is the tag in a generation's prompt; "" is none.
func tagOf(j *Job) string {
	var in jobs.GenerationInput
	if json.Unmarshal(j.Input, &in) != nil {
		return ""
	}
	return load.TagOf(in.Prompt)
}

// effects checks that a job left exactly what its end promises.
func (c *check) effects(j *Job) {
	var out struct {
		RevisionID string `json:"revision_id"`
		ArtifactID string `json:"artifact_id"`
	}
	if len(j.Output) > 0 && json.Unmarshal(j.Output, &out) != nil {
		c.broken(Duplicate, j.ID, "its output cannot be read")
	}
	succeeded := j.State == models.StateSucceeded
	revision, artifact := "", ""
	switch {
	case !succeeded:
	case j.Kind == models.KindGeneration:
		revision = out.RevisionID
		c.author(j)
	case j.Kind == models.KindBuild, j.Kind == models.KindExport:
		artifact = out.ArtifactID
	}
	c.one(j, "revision", c.Stored.Revisions[j.ID], revision, succeeded && j.Kind == models.KindGeneration)
	c.one(j, "artifact", c.Stored.Artifacts[j.ID], artifact, succeeded && (j.Kind == models.KindBuild || j.Kind == models.KindExport))
}

func (c *check) one(j *Job, what string, have []string, want string, some bool) {
	switch {
	case !some && len(have) > 0:
		c.broken(Duplicate, j.ID, "the %s %s and has the %s %v", j.Kind, j.State, what, have)
	case some && (len(have) != 1 || have[0] != want):
		c.broken(Duplicate, j.ID, "the %s should have the one %s %q, and has %v", j.Kind, what, want, have)
	}
}

// author checks that what a generation stored was written by its last attempt: the tokens say which request to the model was
// answered with it, and that request must have begun after the attempt. They also say that it was counted once.
func (c *check) author(j *Job) {
	if j.TokensOut == nil {
		c.broken(Duplicate, j.ID, "it succeeded and used no tokens")
		return
	}
	ask := c.asks[load.AskOfTokens(*j.TokensOut)]
	if ask == nil {
		c.broken(Duplicate, j.ID, "it used %d tokens, and no request was answered with so many", *j.TokensOut)
		return
	}
	if ask.Tag != tagOf(j) {
		c.broken(Duplicate, j.ID, "it stored the answer to another job's request %d", ask.No)
	}
	if began := lastStart(j); ask.Begun.Before(began) {
		c.broken(Stale, j.ID, "attempt %d began at %s and stored the answer to a request of %s", j.Attempt,
			began.Format(time.StampMilli), ask.Begun.Format(time.StampMilli))
	}
}

func lastStart(j *Job) (at time.Time) {
	for _, e := range j.Events {
		if e.Type == models.EventStarted {
			at = e.CreatedAt
		}
	}
	return at
}

// usage checks that the rolled up usage counts each job once.
func (c *check) usage() {
	want := make(map[UsageKey]UsageSum)
	for _, id := range c.Stored.order {
		j := c.Stored.Jobs[id]
		if j.FinishedAt == nil || j.Kind == models.KindAnalytics {
			continue
		}
		k := UsageKey{j.AccountID, j.Kind}
		sum := want[k]
		sum.Jobs++
		if j.State == models.StateFailed {
			sum.Failures++
		}
		if j.TokensOut != nil {
			sum.TokensOut += *j.TokensOut
		}
		sum.Bytes += j.OutputBytes
		want[k] = sum
	}
	for k, sum := range want {
		if have := c.Stored.Usage[k]; have != sum {
			c.broken(Usage, "", "account %s, %s: counted %+v, and the jobs add up to %+v", k.Account, k.Kind, have, sum)
		}
	}
}
