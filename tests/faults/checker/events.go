package checker

import (
	"encoding/json"
	"time"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/faults/history"
	"github.com/spark-games/spark/tests/faults/inject"
)

// events checks a job's stored history: ids without a gap, one end, and no event of an attempt after the next one has begun.
func (c *check) events(j *Job) {
	attempt := 0
	ended, cancelling := false, false
	for i, e := range j.Events {
		switch {
		case e.Seq != int64(i)+1:
			c.broken(Gap, j.ID, "event %d is stored as the %d.", e.Seq, i+1)
			return
		case ended && e.Type == models.EventQueued: // retried
			ended, cancelling = false, false
		case ended:
			c.broken(Stale, j.ID, "event %d (%s) comes after the end", e.Seq, e.Type)
		case e.Attempt < attempt:
			c.broken(Stale, j.ID, "event %d (%s) is of attempt %d, and attempt %d had begun", e.Seq, e.Type, e.Attempt, attempt)
		}
		switch {
		case e.Type == models.EventStarted && e.Attempt != attempt+1:
			c.broken(Stale, j.ID, "event %d starts attempt %d after attempt %d", e.Seq, e.Attempt, attempt)
		case e.Type == models.EventStarted && cancelling:
			c.broken(RanOn, j.ID, "event %d starts attempt %d after the request to cancel", e.Seq, e.Attempt)
		case e.Type == models.EventCancel:
			cancelling = true
		case e.Type == models.EventRetrying && CodeOf(e) == models.CodeWorkerLost:
			c.LostLeases++
		}
		attempt = max(attempt, e.Attempt)
		ended = ended || e.Type.Terminal()
	}
	if j.State.Terminal() && (len(j.Events) == 0 || string(j.Events[len(j.Events)-1].Type) != string(j.State)) {
		c.broken(Gap, j.ID, "it is %s, and its last event is not", j.State)
	}
	if j.EventSeq != int64(len(j.Events)) {
		c.broken(Gap, j.ID, "it has had %d events, and %d are stored", j.EventSeq, len(j.Events))
	}
}

// streamed checks that the follower of the account's stream has seen all events of a job.
func (c *check) streamed(j *Job) {
	s, followed := c.Streams[j.AccountID]
	if seen := s.Seqs[j.ID]; followed && seen != int64(len(j.Events)) {
		c.broken(Gap, j.ID, "the follower of its account has seen %d of its %d events", seen, len(j.Events))
	}
}

// CodeOf is the code of the error in an event; "" for none.
func CodeOf(e models.Event) models.Code {
	var data struct{ Error struct{ Code models.Code } }
	if json.Unmarshal(e.Data, &data) != nil {
		return ""
	}
	return data.Error.Code
}

// killBudget is how long after the acknowledgement of a cancel a job may still run. Its worker hears of it at the latest with the next
// renewal of its lease, a second later; the rest is for a busy machine. A job that nobody stops runs for far longer.
const killBudget = 10 * time.Second

// cancelled checks that an acknowledged cancel came true, and that nothing ran after it. The requests to the model show that: one that
// was open was given up in time, unless a fault was in the way, and none began.
func (c *check) cancelled(t *history.Job, j *Job) {
	if t.CancelAcked.IsZero() {
		return
	}
	if j.State != models.StateCancelled {
		c.broken(RanOn, t.ID, "its cancel was acknowledged, and it %s", j.State)
	}
	deadline := t.CancelAcked.Add(killBudget)
	if c.struck(t.CancelAcked, deadline, func(inject.Record) bool { return true }) > 0 {
		deadline = deadline.Add(aftermath)
	}
	for _, a := range c.tags[t.Tag] {
		if a.Begun.After(deadline) {
			c.broken(RanOn, t.ID, "request %d to the model began %s after the cancel was acknowledged", a.No, a.Begun.Sub(t.CancelAcked))
		}
		if over := a.End; over.After(deadline) || over.IsZero() {
			c.broken(RanOn, t.ID, "request %d to the model was open until %s after the cancel was acknowledged", a.No, over.Sub(t.CancelAcked))
		}
	}
}
