package sandbox

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/spark-games/spark/engines"
)

func TestGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		job := engines.RunRequest{Sink: engines.NewSpool(t.TempDir())}
		nothing := func(context.Context, engines.RunRequest) (*engines.Result, error) { return &engines.Result{}, nil }
		if _, err := g.run(t.Context(), engines.RunRequest{}, nothing); !errors.Is(err, errNoSink) {
			t.Errorf("a run without a sink: %v", err)
		}

		// A run that is inside when the gate is shut may go on until the gate is forced.
		ended := make(chan error)
		go func() {
			_, err := g.run(t.Context(), job, func(ctx context.Context, _ engines.RunRequest) (*engines.Result, error) {
				<-ctx.Done()
				return nil, context.Cause(ctx)
			})
			ended <- err
		}()
		synctest.Wait()
		ctx, force := context.WithCancel(t.Context())
		first := make(chan bool)
		go func() { first <- g.shut(ctx) }()
		synctest.Wait()
		select {
		case err := <-ended:
			t.Fatalf("ended before its time: %v", err)
		case <-first:
			t.Fatal("shut while a run is inside")
		default:
		}
		if _, err := g.run(t.Context(), job, nothing); !errors.Is(err, errClosed) {
			t.Errorf("a run after the gate is shut: %v", err)
		}
		force()
		if err := <-ended; !errors.Is(err, errClosed) {
			t.Errorf("the run that was stopped: %v", err)
		}
		if !<-first || g.shut(t.Context()) {
			t.Error("the first call is not the first, or the second is")
		}
	})
}
