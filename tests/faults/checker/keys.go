package checker

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// keys checks that of the jobs and pipelines with one concurrency key, none started before the one before had ended.
func (c *check) keys() {
	type line struct{ account, key string }
	type holder struct {
		id       string
		from, to time.Time
	}
	lines := make(map[line]map[string]holder)
	for _, id := range c.Stored.order {
		j := c.Stored.Jobs[id]
		from := firstStart(j)
		if j.ConcurrencyKey == "" || from.IsZero() || j.FinishedAt == nil {
			continue
		}
		at, who := line{j.AccountID, j.ConcurrencyKey}, cmp.Or(j.PipelineID, j.ID)
		if lines[at] == nil {
			lines[at] = make(map[string]holder)
		}
		h, ok := lines[at][who]
		if !ok || from.Before(h.from) {
			h.from = from
		}
		if j.FinishedAt.After(h.to) {
			h.to = *j.FinishedAt
		}
		h.id, lines[at][who] = j.ID, h
	}
	for at, holders := range lines {
		var last holder
		for _, h := range slices.SortedFunc(maps.Values(holders), func(a, b holder) int { return a.from.Compare(b.from) }) {
			if h.from.Before(last.to) {
				c.broken(Together, h.id, "it started at %s, and job %s had the key %q until %s", h.from.Format(time.StampMilli), last.id, at.key,
					last.to.Format(time.StampMilli))
			}
			last = h
		}
	}
}
