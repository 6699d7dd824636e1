package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// streamStep bounds how many positions one step removes.
const streamStep = 2000

// Stream removes the positions of events that were given longer ago than keep. The events themselves are their jobs'.
func (s *Retention) Stream(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	now, err := s.clock(ctx)
	if err != nil {
		return done, err
	}
	err = s.write(ctx, func(tx *tx) error {
		done = models.Pruning{Removed: make(map[string]int)}
		var mine []struct{ Forgotten int64 }
		if err := tx.Raw("SELECT forgotten FROM event_bounds WHERE id = 1" + tx.dialect.lock(passLocked)).Scan(&mine).Error; err != nil || len(mine) == 0 {
			return err
		}
		var old []struct{ Position int64 } // positions are given in the order of time
		err := tx.Raw(`SELECT position FROM (SELECT position, at FROM event_stream ORDER BY position LIMIT ?) AS oldest
			WHERE at < ? ORDER BY position DESC LIMIT 1`, streamStep, tx.dialect.timestamp(now.Add(-keep))).Scan(&old).Error
		if err != nil || len(old) == 0 {
			return err
		}
		res := tx.Exec("DELETE FROM event_stream WHERE position <= ?", old[0].Position)
		if res.Error != nil {
			return res.Error
		}
		done.Removed["positions"], done.More = int(res.RowsAffected), res.RowsAffected == streamStep
		return tx.Exec("UPDATE event_bounds SET forgotten = ? WHERE id = 1", old[0].Position).Error
	})
	if err != nil {
		return models.Pruning{}, err
	}
	var oldest []struct{ At time.Time }
	err = s.read(ctx).Raw("SELECT at FROM event_stream ORDER BY position LIMIT 1").Scan(&oldest).Error
	if err == nil && len(oldest) > 0 {
		done.Oldest = oldest[0].At.UTC()
	}
	return done, s.wrap(err)
}
