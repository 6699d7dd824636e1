package jobs

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// silent is a database and a Redis that take every question and answer none.
type silent struct{ asked, failed atomic.Int32 }

func (s *silent) wait(ctx context.Context) error {
	s.asked.Add(1)
	<-ctx.Done()
	return ctx.Err()
}

func (s *silent) WaitingQueues(ctx context.Context) ([]models.Queue, error) { return nil, s.wait(ctx) }
func (s *silent) Released(ctx context.Context, _ models.Queue) (QueueLoad, error) {
	return QueueLoad{}, s.wait(ctx)
}
func (s *silent) Waiting(ctx context.Context, _ models.Queue) ([]AccountLoad, error) {
	return nil, s.wait(ctx)
}
func (s *silent) Release(ctx context.Context, _ models.Queue, _ []Share) ([][]Dispatch, error) {
	return nil, s.wait(ctx)
}
func (s *silent) Withdraw(ctx context.Context, _ []Dispatch) error { return s.wait(ctx) }
func (s *silent) ReapExpired(ctx context.Context, _ int) (Effects, error) {
	return Effects{}, s.wait(ctx)
}
func (s *silent) Expire(ctx context.Context, _ int) (Effects, error) { return Effects{}, s.wait(ctx) }
func (s *silent) Recall(ctx context.Context) ([]string, error)       { return nil, s.wait(ctx) }

func (s *silent) Unclaimed(ctx context.Context, _ time.Duration, _ int) ([]Dispatch, error) {
	return nil, s.wait(ctx)
}
func (s *silent) Enqueue(ctx context.Context, _ [][]Dispatch) error { return s.wait(ctx) }
func (s *silent) Lost(ctx context.Context, _ []Dispatch) ([]Dispatch, error) {
	return nil, s.wait(ctx)
}
func (s *silent) Reaped(int)                    {}
func (s *silent) Redispatched(models.Kind, int) {}
func (s *silent) RepairFailed()                 { s.failed.Add(1) }

// A database that does not answer, and does not break the connection either, is asked again.
func TestLoopsOutlastASilentDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var dispatching, repairing silent
		d := &Dispatcher{Backlog: &dispatching, Transport: &dispatching, MaxWindow: 8, Every: time.Second, Log: zap.NewNop()}
		r := &Repairer{Store: &repairing, Transport: &repairing, Every: time.Second, Log: zap.NewNop(), Observer: &repairing}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{}, 2)
		for _, run := range []func(context.Context){d.Run, r.Run} {
			go func() { run(ctx); ended <- struct{}{} }()
		}
		d.Notify(models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault})
		time.Sleep(10*roundWithin + time.Minute)
		require.Greater(t, dispatching.asked.Load(), int32(8))
		require.Greater(t, repairing.asked.Load(), int32(8))
		require.Greater(t, repairing.failed.Load(), int32(8), "and it is said")
		stop()
		<-ended
		<-ended
	})
}
