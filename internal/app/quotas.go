package app

import (
	"context"
	"time"

	"go.uber.org/zap"
)

// quotasEvery is how often it is looked whether quotas are used up.
const quotasEvery = 2 * time.Second

// tellQuotas has accounts told that quotas are nearly or all used, until ctx is done. Several schedulers may run it.
func (s *scheduler) tellQuotas(ctx context.Context) {
	every(ctx, quotasEvery, func() (more bool) {
		_, more, err := s.store.Spending.TellQuotas(ctx, s.limits())
		if err != nil && ctx.Err() == nil {
			s.observer.QuotasFailed()
			s.log.Warn("it could not be told which quotas are used, will try again", zap.Error(err))
		}
		return more && err == nil
	})
}
