package app

import (
	"context"
	"time"

	"go.uber.org/zap"
)

// What event streams and waiting requests watch is looked at now and then, in case a hint was lost. They do not look by themselves: a look is a query
// for many of them, and those of thousands of streams would keep requests waiting for a connection to the database.
const (
	watchedEvery = 2 * time.Second        // each, unless there are too many
	lookTick     = 250 * time.Millisecond // between looks
	lookMost     = 2000                   // in one look
	lookWithin   = 5 * time.Second
)

func (a *api) lookForWatchers(ctx context.Context) {
	tick := time.NewTicker(lookTick)
	defer tick.Stop()
	owed := 0.0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var n int
		n, owed = looks(a.hub.Watched(), owed)
		if ids := a.hub.Turns(n); len(ids) > 0 {
			a.look(ctx, ids)
		}
	}
}

func (a *api) look(ctx context.Context, ids []string) {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	marks, err := a.store.Stream.Marks(ctx, ids)
	if err != nil {
		a.log.Debug("what is watched could not be looked at", zap.Error(err))
		return // it is in the next round, and hints come meanwhile
	}
	a.hub.Found(ids, marks)
}

// looks is how many of the watched things are due to be looked at, and what part of one is owed to the next time.
func looks(watched int, owed float64) (n int, rest float64) {
	due := min(float64(watched)*lookTick.Seconds()/watchedEvery.Seconds()+owed, lookMost)
	n = int(due)
	return n, due - float64(n)
}
