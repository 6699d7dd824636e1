package jobs

import (
	"context"
	"time"
)

// progressEvery is the least time between two stored progress reports of an attempt.
const progressEvery = 100 * time.Millisecond

type progressReport struct {
	fraction float64
	stage    string
}

// progressWriter stores the newest progress report, at most once in progressEvery, without blocking the handler. A change of
// stage is written as soon as that time is over; reports in between are overwritten.
type progressWriter struct {
	latest chan progressReport
	done   chan struct{}
}

// newProgressWriter starts the writer; write is called from its goroutine until ctx is done.
func newProgressWriter(ctx context.Context, write func(context.Context, float64, string)) *progressWriter {
	w := &progressWriter{latest: make(chan progressReport, 1), done: make(chan struct{})}
	go func() {
		defer close(w.done)
		pause := time.NewTimer(0)
		defer pause.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-pause.C:
			}
			select {
			case <-ctx.Done():
				return
			case r := <-w.latest:
				write(ctx, r.fraction, r.stage)
				pause.Reset(progressEvery)
			}
		}
	}()
	return w
}

func (w *progressWriter) set(fraction float64, stage string) {
	r := progressReport{min(max(fraction, 0), 1), stage}
	for {
		select {
		case w.latest <- r:
			return
		default:
		}
		select {
		case <-w.latest: // make room: the older report is of no use any more
		default:
		}
	}
}
