package deliver

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// PumpStore is what a pump needs of the store.
type PumpStore interface {
	// FanOut makes deliveries of up to so many events of the stream, once, unless another process is at it.
	FanOut(ctx context.Context, most int, types map[models.EventType]string) (models.WebhookFanOut, error)
	// Due hands over what has become due.
	Due(ctx context.Context) ([]models.WebhookDispatch, error)
	// Withdraw takes back what could not be handed over.
	Withdraw(ctx context.Context, all []models.WebhookDispatch) error
	// Repair has what was lost on the way be due again.
	Repair(ctx context.Context, grace time.Duration) (lost, missing int, err error)
}

// Queue hands deliveries to the workers.
type Queue interface {
	EnqueueWebhooks(ctx context.Context, all []models.WebhookDispatch) error
}

// PumpObserver receives what a pump did, for metrics.
type PumpObserver interface {
	WebhooksMade(messages, deliveries int)
	WebhookEventsLost(n int64)
	WebhooksRepaired(n int)
	WebhooksFailed() // a round
}

// Pump makes deliveries and hands them over. Any number of processes may run one.
type Pump struct {
	Store    PumpStore
	Queue    Queue
	Types    map[models.EventType]string // of the events that are told, their names
	Every    time.Duration               // looks, if no hint comes
	Grace    time.Duration               // after which what was handed over is looked for
	Log      *zap.Logger
	Observer PumpObserver

	once sync.Once
	hint chan struct{}
}

const (
	fanOutMost  = 500 // events of one transaction
	roundWithin = 30 * time.Second
)

// Hint says that the stream may have gone on. It does not block, and may be called before RunFanOut.
func (p *Pump) Hint() {
	select {
	case p.hints() <- struct{}{}:
	default:
	}
}

func (p *Pump) hints() chan struct{} {
	p.once.Do(func() { p.hint = make(chan struct{}, 1) })
	return p.hint
}

// RunFanOut makes deliveries until ctx is done, first at once.
func (p *Pump) RunFanOut(ctx context.Context) {
	tick := time.NewTicker(p.Every)
	defer tick.Stop()
	for ctx.Err() == nil {
		more, err := p.FanOut(ctx)
		p.tell(ctx, err, "webhooks could not be made of events, will try again")
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-p.hints():
		case <-tick.C:
		}
	}
}

func (p *Pump) tell(ctx context.Context, err error, text string) {
	if err != nil && ctx.Err() == nil {
		p.Observer.WebhooksFailed()
		p.Log.Warn(text, zap.Error(err))
	}
}

// FanOut is one look at the stream; more reports whether there may be more.
func (p *Pump) FanOut(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	done, err := p.Store.FanOut(ctx, fanOutMost, p.Types)
	if err != nil {
		return false, err
	}
	if done.Lost > 0 {
		p.Observer.WebhookEventsLost(done.Lost)
		p.Log.Error("events were not kept until webhooks were made of them: receivers do not hear of them; keep.events is too short, no scheduler ran "+
			"for so long, or a backup was restored", zap.Int64("events", done.Lost))
	}
	if done.Messages > 0 {
		p.Observer.WebhooksMade(done.Messages, done.Deliveries)
	}
	return done.More, enqueue(ctx, p.Queue, p.Store.Withdraw, done.Dispatches)
}

// RunDue hands over what has become due until ctx is done, and repairs.
func (p *Pump) RunDue(ctx context.Context) {
	tick := time.NewTicker(p.Every)
	defer tick.Stop()
	for {
		p.tell(ctx, p.Hand(ctx), "webhooks that are due could not be handed over, will try again")
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Hand repairs, and hands over what is due.
func (p *Pump) Hand(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	lost, missing, err := p.Store.Repair(ctx, p.Grace)
	if err != nil {
		return err
	}
	if n := lost + missing; n > 0 {
		p.Observer.WebhooksRepaired(n)
		p.Log.Info("webhooks on their way were lost and are sent again", zap.Int("workers_gone", lost), zap.Int("tasks_gone", missing))
	}
	due, err := p.Store.Due(ctx)
	return errors.Join(err, enqueue(ctx, p.Queue, p.Store.Withdraw, due))
}

// enqueue hands over dispatches. If the queue does not take them, they are taken back, so that the next look finds them.
func enqueue(ctx context.Context, q Queue, withdraw func(context.Context, []models.WebhookDispatch) error, all []models.WebhookDispatch) error {
	if len(all) == 0 {
		return nil
	}
	err := q.EnqueueWebhooks(ctx, all)
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), roundWithin)
	defer cancel()
	return errors.Join(err, withdraw(ctx, all))
}
