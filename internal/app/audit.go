package app

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
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

// pruneAudit removes entries of the audit that are not kept any longer, and leaves signed checkpoints; without a key to sign with nothing is removed.
func (s *scheduler) pruneAudit(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	if s.signer == nil {
		signer, err := s.signing(ctx)
		if err != nil {
			return models.Pruning{}, err
		}
		if signer == nil {
			return models.Pruning{}, errors.New("the audit is kept, since its checkpoints cannot be signed: SPARK_SIGNING_KEY_FILE names no key")
		}
		s.signer = signer
	}
	return s.store.Retention.Audit(ctx, keep, s.signer.Checkpoint)
}
