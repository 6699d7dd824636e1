package app

import "context"

// cancelJob cancels a job for those who do not look at it afterwards.
func (p *parts) cancelJob(ctx context.Context, accountID, jobID string) error {
	_, err := p.service.Cancel(ctx, accountID, jobID)
	return err
}
