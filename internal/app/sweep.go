package app

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/models"
)

// Times of the sweep, which removes unreferenced files and trees.
const (
	sweepFirst = 10 * time.Minute // after the start, when there are other things to do
	sweepEvery = 6 * time.Hour
)

// sweep runs until ctx is done. Several schedulers may sweep concurrently. Requests and jobs refer to what they store within their
// time limits, which are far below the shortest time for which unreferenced files can be set to be kept.
func (s *scheduler) sweep(ctx context.Context) {
	s.swept()
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
		if err := s.store.Retention.ForgetSpent(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("the counts of days that are over could not be removed, will try again", zap.Error(err))
		}
		if err := s.recountStorage(ctx); err != nil && ctx.Err() == nil {
			s.observer.QuotasFailed()
			s.log.Warn("what accounts store could not be counted anew, will try again", zap.Error(err))
		}
		temp, err := s.blobs.SweepTemp()
		if err != nil {
			s.log.Warn("removing old temporary files failed, will try again", zap.Error(err))
		}
		staged, err := s.blobs.SweepStaged(ctx, s.platform, s.store.Platform.EachPart)
		if err != nil && !errors.Is(err, blob.ErrNotSwept) && ctx.Err() == nil {
			s.observer.RetentionFailed()
			s.log.Warn("parts of uploads that nothing refers to could not be removed, will try again", zap.Error(err))
		}
		temp += staged
		trees, blobs, err := s.sweepUnused(ctx)
		switch {
		case ctx.Err() != nil:
		case err == nil:
			s.swept()
		case errors.Is(err, blob.ErrNotSwept):
			if !told {
				s.log.Warn("unreferenced files are kept until an operator has checked the blob store", zap.Error(err))
			}
			told = true
		default:
			s.observer.RetentionFailed()
			s.log.Warn("some unreferenced files could not be removed, will try again", zap.Error(err))
		}
		for what, n := range map[string]int{"temporary_files": temp, "trees": trees, "files": blobs} {
			s.observer.Pruned(what, n)
		}
		if temp+trees+blobs > 0 {
			s.log.Info("unreferenced files were removed", zap.Int("temporary", temp), zap.Int("trees", trees), zap.Int("stored", blobs))
		}
	}
}

// pruneUploads removes uploads that have expired, with what has arrived of them. Each says itself how long it is kept.
func (s *scheduler) pruneUploads(ctx context.Context, _ time.Duration) (models.Pruning, error) {
	done, files, err := s.store.Retention.AssetUploads(ctx)
	if err != nil {
		return done, err
	}
	return done, s.blobs.Unstage(files...)
}

// sweepUnused removes trees that no revision consists of, and then the files that only those refer to.
func (s *scheduler) sweepUnused(ctx context.Context) (trees, blobs int, err error) {
	grace := time.Duration(s.cfg.Keep.UnusedFiles)
	if grace == 0 {
		return 0, 0, nil
	}
	if trees, err = s.store.Retention.Trees(ctx, grace); err != nil {
		return trees, 0, err
	}
	replaced, err := s.store.Retention.Replaced(ctx)
	if err != nil {
		return trees, 0, err
	}
	blobs, err = s.blobs.Sweep(ctx, s.platform, grace, replaced, s.store.Platform.EachContent)
	return trees, blobs, err
}

// swept records a complete sweep.
func (s *scheduler) swept() {
	if s.cfg.Keep.UnusedFiles != 0 {
		s.observer.Kept("unused_files", sweepEvery, time.Now())
	}
}
