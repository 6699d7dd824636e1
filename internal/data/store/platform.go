package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// Platform looks across accounts: for the platform's own jobs, and for its administrators. It is the only facet that
// does. Nothing that serves an account may be given it.
type Platform struct{ *db }

// AllFinishedSince is Usage.FinishedSince for every account.
func (s *Platform) AllFinishedSince(ctx context.Context, from time.Time, f func(*models.Job) error) error {
	return s.eachFinished(s.read(ctx), from, f)
}
