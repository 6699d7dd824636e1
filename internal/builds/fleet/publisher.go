package fleet

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// How often a worker looks whether there is something new to tell of itself, how often it tells all the same, and for how
// long it is believed.
const (
	reportEvery = time.Second
	repeatEvery = 3 * time.Second
	reportKept  = 10 * time.Second
)

// Publisher tells the other processes of the platform what a worker can build with and how its sandboxes are.
type Publisher struct {
	Registry *Registry
	Worker   string
	Report   func() models.WorkerReport // its worker and time are filled in
	Log      *zap.Logger

	last []byte // what was published last, without its time
	at   time.Time
}

// Publish publishes what is new, or that nothing is.
func (p *Publisher) Publish(ctx context.Context) {
	report := p.Report()
	raw, err := json.Marshal(report)
	now := time.Now()
	if err == nil && slices.Equal(raw, p.last) && now.Sub(p.at) < repeatEvery {
		return
	}
	report.Worker, report.At = p.Worker, now.UTC()
	ctx, cancel := context.WithTimeout(ctx, repeatEvery)
	defer cancel()
	if err := p.Registry.Publish(ctx, report, reportKept); err != nil {
		if ctx.Err() == nil {
			p.Log.Debug("this worker could not publish its report", zap.Error(err))
		}
		return
	}
	p.last, p.at = raw, now
}

// Run publishes until ctx is done, and then removes the report, so that nobody counts on this worker any more.
func (p *Publisher) Run(ctx context.Context) {
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			p.Publish(ctx)
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := p.Registry.Remove(last, p.Worker); err != nil {
		p.Log.Debug("the report of this worker stays until it is too old", zap.Error(err))
	}
}
