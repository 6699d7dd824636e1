package app

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/blob"
)

// Times of the blob sweep, which removes unreferenced files. Requests and jobs refer to what they store within their time
// limits, which are far below sweepGrace.
const (
	sweepFirst = 10 * time.Minute // after the start, when there are other things to do
	sweepEvery = 6 * time.Hour
	sweepGrace = 24 * time.Hour
)

// sweepBlobs runs until ctx is done. Several schedulers may sweep concurrently.
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
			s.log.Warn("removing old temporary files failed, will try again", zap.Error(err))
		}
		blobs, err := s.blobs.Sweep(ctx, s.platform, sweepGrace, s.store.Platform.EachContent)
		switch {
		case err == nil || ctx.Err() != nil:
		case errors.Is(err, blob.ErrNotSwept):
			if !told {
				s.log.Warn("unreferenced files are kept until an operator has checked the blob store", zap.Error(err))
			}
			told = true
		default:
			s.log.Warn("some unreferenced files could not be removed, will try again", zap.Error(err))
		}
		if temp+blobs > 0 {
			s.log.Info("unreferenced files were removed", zap.Int("temporary", temp), zap.Int("stored", blobs))
		}
	}
}
