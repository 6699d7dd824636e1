package checker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/faults/history"
)

// held is a job that had the key from one second to another.
func held(id, pipeline string, from, to int) *Job {
	at := func(s int) time.Time { return time.Date(2026, 1, 1, 0, 0, s, 0, time.UTC) }
	end := at(to)
	return &Job{&models.Job{ID: id, AccountID: "a", PipelineID: pipeline, ConcurrencyKey: "k", State: models.StateSucceeded, FinishedAt: &end, EventSeq: 2},
		[]models.Event{{Seq: 1, Type: models.EventStarted, Attempt: 1, CreatedAt: at(from)}, {Seq: 2, Type: models.EventSucceeded, Attempt: 1, CreatedAt: end}}}
}

func kinds(found []Violation) (all []Kind) {
	for _, v := range found {
		all = append(all, v.Kind)
	}
	return all
}

func TestHoldersOfAKeyMustNotMeet(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		jobs []*Job
		want []Kind
	}{
		"one after the other":    {[]*Job{held("1", "", 0, 5), held("2", "", 5, 9)}, nil},
		"together":               {[]*Job{held("1", "", 0, 5), held("2", "", 4, 9)}, []Kind{Together}},
		"steps of one pipeline":  {[]*Job{held("1", "p", 0, 5), held("2", "p", 4, 9)}, nil},
		"between a job's two":    {[]*Job{held("1", "p", 0, 2), held("2", "", 3, 4), held("3", "p", 5, 9)}, []Kind{Together}},
		"another account's keys": {[]*Job{held("1", "", 0, 5), func() *Job { j := held("2", "", 1, 2); j.AccountID = "b"; return j }()}, nil},
	} {
		c := &check{Evidence: Evidence{Stored: &Stored{Jobs: map[string]*Job{}}}}
		for _, j := range tt.jobs {
			c.Stored.Jobs[j.ID], c.Stored.order = j, append(c.Stored.order, j.ID)
		}
		c.keys()
		require.Equal(t, tt.want, kinds(c.Violations), name)
	}
}

func TestFollowersMustSeeEverything(t *testing.T) {
	t.Parallel()
	h := history.New()
	h.Streamed("a", 1, "1", 1)
	h.Streamed("a", 4, "1", 2)
	h.Streamed("a", 6, "2", 1)
	c := &check{Evidence: Evidence{Streams: map[string]history.Stream{"a": h.Stream("a")}}}
	c.streamed(held("1", "", 0, 1))
	require.Empty(t, c.Violations)
	c.streamed(held("2", "", 0, 1))
	c.streamed(held("3", "", 0, 1))
	require.Equal(t, []Kind{Gap, Gap}, kinds(c.Violations))
	require.Empty(t, h.Stream("a").Gaps)
	h.Streamed("a", 5, "2", 2)
	h.Streamed("a", 9, "2", 4)
	require.Len(t, h.Stream("a").Gaps, 2)
}
