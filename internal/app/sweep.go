package app

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/blob"
)

// When the blob store is swept of what nothing refers to. What a request or a job stores it refers to within the time
// limits of requests and jobs, far below sweepGrace.
const (
	sweepFirst = 10 * time.Minute // after the start, when there are other things to do
	sweepEvery = 6 * time.Hour
	sweepGrace = 24 * time.Hour
)

// sweepBlobs runs until ctx is done. Several schedulers may sweep at once.
func (s *scheduler) sweepBlobs(ctx context.Context) {
	next := time.NewTimer(sweepFirst)
	defer next.Stop()
	told := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			next.Reset(sweepEvery)
		}
		temp, err := s.blobs.SweepTemp()
		if err != nil {
			s.log.Warn("temporary files could not be cleared away, tried again later", zap.Error(err))
		}
		blobs, err := s.blobs.Sweep(ctx, s.platform, sweepGrace, s.store.Platform.EachContent)
		switch {
		case err == nil || ctx.Err() != nil:
		case errors.Is(err, blob.ErrNotSwept):
			if !told {
				s.log.Warn("files that nothing refers to are kept until an operator has looked", zap.Error(err))
			}
			told = true
		default:
			s.log.Warn("files that nothing refers to could not all be removed, tried again later", zap.Error(err))
		}
		if temp+blobs > 0 {
			s.log.Info("files that nothing refers to are removed", zap.Int("temporary", temp), zap.Int("stored", blobs))
		}
	}
}
