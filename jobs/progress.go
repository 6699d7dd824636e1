package jobs

import (
	"context"
	"sync"
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
	writer lazyWriter
}

// newProgressWriter makes a writer, which calls write from a goroutine of its own until ctx is done.
func newProgressWriter(ctx context.Context, write func(context.Context, float64, string)) *progressWriter {
	w := &progressWriter{latest: make(chan progressReport, 1)}
	w.writer.run = func() { w.run(ctx, write) }
	return w
}

func (w *progressWriter) run(ctx context.Context, write func(context.Context, float64, string)) {
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
}

func (w *progressWriter) set(fraction float64, stage string) {
	w.writer.start()
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

// lazyWriter is a goroutine that begins when there is something to write: most short jobs report nothing.
type lazyWriter struct {
	run  func()
	once sync.Once
	done chan struct{}
}

// start begins the goroutine, unless it has begun or wait was called.
func (w *lazyWriter) start() {
	w.once.Do(func() {
		w.done = make(chan struct{})
		go func() {
			defer close(w.done)
			w.run()
		}()
	})
}

// wait returns when the goroutine has ended. It does not begin any more.
func (w *lazyWriter) wait() {
	w.once.Do(func() {})
	if w.done != nil {
		<-w.done
	}
}
