package app

import (
	"context"
	"time"

	"go.uber.org/zap"
)

const (
	chainEvery = 500 * time.Millisecond
	chainMost  = 1000
)

// chainAudit gives the entries of the audit their places in their accounts' chains, until ctx is done. Several schedulers may run it.
func (s *scheduler) chainAudit(ctx context.Context) {
	every(ctx, chainEvery, func() (more bool) {
		chained, waited, err := s.store.Audit.Chain(ctx, chainMost)
		switch {
		case err == nil && chained > 0:
			s.observer.AuditChained(chained, waited)
		case err != nil && ctx.Err() == nil:
			s.observer.AuditFailed()
			s.log.Warn("the audit could not be chained, will try again", zap.Error(err))
		}
		return chained == chainMost
	})
}
