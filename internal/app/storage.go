package app

import (
	"context"
	"maps"
	"time"

	"go.uber.org/zap"
)

const (
	storageEvery = 2 * time.Second
	// storageBack is how far a look at what is stored goes back. What is committed later than that, after its id was made, is counted by the sweep.
	storageBack = time.Minute
	// storageFirst is the same of the first look, after another scheduler's end.
	storageFirst = time.Hour
)

// noteStorage notes what accounts have stored, until ctx is done. Several schedulers may run it.
func (s *scheduler) noteStorage(ctx context.Context) {
	back := storageFirst
	older, recent, turn := map[string]bool{}, map[string]bool{}, time.Now() // what was noted, for longer than looks go back
	every(ctx, storageEvery, func() (more bool) {
		now := time.Now()
		fresh := make(map[string]bool)
		err := s.store.Storage.NoteSince(ctx, now.Add(-back), func(id string) bool {
			known := recent[id] || older[id]
			if !known {
				fresh[id] = true
			}
			return known
		})
		switch {
		case err == nil:
			maps.Copy(recent, fresh)
			back = storageBack
			if now.Sub(turn) > 2*storageBack {
				older, recent, turn = recent, map[string]bool{}, now
			}
		case ctx.Err() == nil:
			s.observer.QuotasFailed()
			s.log.Warn("what accounts store could not be counted, will try again", zap.Error(err))
		}
		return false
	})
}

// recountStorage counts all that every account has stored anew.
func (s *scheduler) recountStorage(ctx context.Context) error {
	accounts, err := s.store.Storage.Holders(ctx)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		if err := s.store.Storage.Recount(ctx, account); err != nil {
			return err
		}
	}
	return nil
}
