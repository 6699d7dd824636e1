package jobs

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// Attestor signs statements about artifacts.
type Attestor interface {
	// Attest makes the signed statement, a DSSE envelope in JSON.
	Attest(ctx context.Context, p models.Provenance) (envelope []byte, err error)
}

// Attest has the job's artifact attested as the end of an attempt; without an attestor the artifact has no statement.
func (a *Attempt) Attest(ctx context.Context, by Attestor, p models.Provenance) ([]byte, error) {
	if by == nil {
		return nil, nil
	}
	if a.Job.StartedAt != nil {
		p.StartedAt = *a.Job.StartedAt
	}
	p.FinishedAt = time.Now().UTC()
	return by.Attest(ctx, p)
}
