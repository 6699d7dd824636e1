package deliver

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Store is what a deliverer needs of the store.
type Store interface {
	// Claim takes a delivery for one attempt within a lease. Not ok means that somebody else has it.
	Claim(ctx context.Context, d models.WebhookDispatch, owner string, lease time.Duration) (c *models.WebhookClaim, ok bool, err error)
	// Record stores what came of it, and hands over what is due next for the destination.
	Record(ctx context.Context, c *models.WebhookClaim, owner string, f models.WebhookFinding, jitter float64) (models.WebhookRecorded, error)
	Withdraw(ctx context.Context, all []models.WebhookDispatch) error
}

// Observer receives what became of attempts, for metrics.
type Observer interface {
	// WebhookAttempted reports an attempt: how it failed, "" if it was taken, how long it took, and how long after the event it ended; 0 is not the first.
	WebhookAttempted(failure models.WebhookFailure, took, after time.Duration)
	WebhookDisabled(reason models.WebhookReason)
	WebhookDropped() // a task that is outdated, or an attempt whose lease had ended
}

// Deliverer makes the deliveries that tasks name.
type Deliverer struct {
	Store    Store
	Sender   *Sender
	Queue    Queue
	Owner    string        // of leases
	Lease    time.Duration // of an attempt; 0 is 45 s
	Log      *zap.Logger
	Observer Observer

	running sync.WaitGroup
}

const (
	// lease is longer than an attempt and what is around it take: who has not recorded by then is gone.
	lease = 45 * time.Second
	// recordWithin is how long recording is tried.
	recordWithin = 15 * time.Second
	recordPause  = 200 * time.Millisecond
)

// Execute makes one attempt of a delivery. It returns when nothing of it runs any more. An attempt that is under way when ctx ends is cut off, and another
// worker makes the next one after the lease.
func (d *Deliverer) Execute(ctx context.Context, task models.WebhookDispatch) {
	d.running.Add(1)
	defer d.running.Done()
	within := d.Lease
	if within == 0 {
		within = lease
	}
	claimed, ok, err := d.Store.Claim(ctx, task, d.Owner, within)
	if err != nil {
		d.Log.Warn("a webhook could not be claimed, it is handed over again", zap.String("delivery", task.DeliveryID), zap.Error(err))
		return
	}
	if !ok {
		d.Observer.WebhookDropped()
		return
	}
	finding := d.Sender.Send(ctx, claimed)
	if ctx.Err() != nil && !finding.Taken() {
		return // it is this process that ended it
	}
	if failure := finding.Attempt.Failure; failure == models.WebhookUnsigned || failure == models.WebhookUnrendered {
		d.Log.Error("a webhook could not be made, will try again: if it is not signed, this worker may have another webhooks.key than the API",
			zap.String("delivery", claimed.ID), zap.String("endpoint", claimed.EndpointID), zap.String("failure", string(failure)), zap.Error(finding.Cause))
	}
	after := time.Duration(0)
	if claimed.Tried == 1 && !claimed.Message.Test {
		after = max(time.Since(claimed.Message.CreatedAt), 1)
	}
	d.Observer.WebhookAttempted(finding.Attempt.Failure, time.Duration(finding.Attempt.LatencyMS)*time.Millisecond, after)
	d.record(context.WithoutCancel(ctx), claimed, finding)
}

// record stores the outcome, until it is stored or the lease is about to end.
func (d *Deliverer) record(ctx context.Context, c *models.WebhookClaim, f models.WebhookFinding) {
	ctx, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	for {
		done, err := d.Store.Record(ctx, c, d.Owner, f, rand.Float64())
		switch {
		case err == nil && done.Stale:
			d.Observer.WebhookDropped()
			return
		case err == nil:
			if done.Disabled != "" {
				d.Observer.WebhookDisabled(done.Disabled)
				d.Log.Warn("a webhook endpoint was disabled", zap.String("endpoint", c.EndpointID), zap.String("reason", string(done.Disabled)))
			}
			if err := enqueue(ctx, d.Queue, d.Store.Withdraw, done.Dispatches); err != nil {
				d.Log.Warn("webhooks could not be handed over, a scheduler does it", zap.Error(err))
			}
			return
		}
		select {
		case <-ctx.Done():
			d.Log.Error("the outcome of a webhook could not be stored: it is sent again", zap.String("delivery", c.ID), zap.Error(err))
			return
		case <-time.After(recordPause):
		}
	}
}

// Wait returns when no attempt runs any more, or ctx is done.
func (d *Deliverer) Wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		d.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
