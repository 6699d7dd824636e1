package fleet

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// How often a worker checks for changes to publish, how often it publishes without changes, and how long a report is valid.
const (
	reportEvery = time.Second
	repeatEvery = 3 * time.Second
	reportKept  = 10 * time.Second
)

// Publisher publishes what a worker can build with and the state of its sandboxes.
type Publisher struct {
	Registry *Registry
	Worker   string
	Report   func() models.WorkerReport // its worker and time are filled in
	Log      *zap.Logger

	last []byte // what was published last, without its time
	at   time.Time
}

// Publish publishes the report if it has changed, or renews it.
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
			p.Log.Debug("publishing this worker's report failed", zap.Error(err))
		}
		return
	}
	p.last, p.at = raw, now
}

// Run publishes until ctx is done, and then removes the report, so that nobody relies on this worker any more.
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
		p.Log.Debug("removing this worker's report failed; it will expire", zap.Error(err))
	}
}
