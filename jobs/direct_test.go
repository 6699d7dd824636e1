package jobs

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// line is a queue of one account and a Redis, in which a test says what is there.
type line struct {
	*Dispatcher

	mu        sync.Mutex
	waiting   int // jobs of others than this process's
	released  int // and not claimed, as the database counts them
	looks     int
	enqueued  [][]Dispatch
	withdrawn []Dispatch
	told      int
	down      error // of Redis
}

func (l *line) WaitingQueues(context.Context) ([]models.Queue, error) { return nil, nil }

func (l *line) Released(context.Context, models.Queue) (QueueLoad, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looks++
	return QueueLoad{Released: l.released, Workers: 1}, nil
}

func (l *line) Waiting(context.Context, models.Queue) ([]AccountLoad, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == 0 {
		return nil, nil
	}
	return []AccountLoad{{AccountID: "a", Weight: 1}}, nil
}

func (l *line) Release(_ context.Context, q models.Queue, shares []Share) ([][]Dispatch, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ds []Dispatch
	for range min(shares[0].N, l.waiting) {
		ds = append(ds, Dispatch{JobID: models.NewID(), No: 1, Queue: q})
	}
	l.waiting -= len(ds)
	l.released += len(ds)
	return [][]Dispatch{ds}, nil
}

func (l *line) Withdraw(_ context.Context, ds []Dispatch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.withdrawn = append(l.withdrawn, ds...)
	return nil
}

func (l *line) Lost(context.Context, []Dispatch) ([]Dispatch, error) { return nil, nil }

func (l *line) Enqueue(_ context.Context, bundles [][]Dispatch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down != nil {
		return l.down
	}
	l.enqueued = append(l.enqueued, bundles...)
	return nil
}

// inLine runs f beside a dispatcher whose window is 2, in virtual time.
func inLine(t *testing.T, f func(l *line)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &line{}
		l.Dispatcher = &Dispatcher{Backlog: l, Transport: l, MinWindow: 2, MaxWindow: 2, Every: time.Hour, Log: zap.NewNop(),
			Full: func(models.Queue) { l.told++ }}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { l.Run(ctx); close(ended) }()
		f(l)
		stop()
		<-ended
	})
}

// settle waits until the dispatcher has nothing more to do.
func settle() {
	time.Sleep(time.Second)
	synctest.Wait()
}

func TestJobIsReleasedAsItIsStoredWhileThereIsRoom(t *testing.T) {
	t.Parallel()
	inLine(t, func(l *line) {
		require.False(t, l.Reserve(crowdQueue, "early"), "nobody has looked yet")
		l.Notify(crowdQueue)
		settle()
		looks := l.looks
		for _, id := range []string{"a", "b"} {
			require.True(t, l.Reserve(crowdQueue, id))
			l.HandOver(Dispatch{JobID: id, No: 1, Queue: crowdQueue})
		}
		require.False(t, l.Reserve(crowdQueue, "c"), "the window is full")
		settle()
		require.Equal(t, looks, l.looks, "nobody needs to look")
		sent := slices.Concat(l.enqueued...)
		require.Equal(t, []Dispatch{{JobID: "a", No: 1, Queue: crowdQueue}, {JobID: "b", No: 1, Queue: crowdQueue}}, sent)

		l.JobChanged("a") // claimed, by whichever process
		l.JobChanged("a")
		require.True(t, l.Reserve(crowdQueue, "c"))
		require.False(t, l.Reserve(crowdQueue, "d"))
		l.Forgo("c") // it could not be stored
		require.True(t, l.Reserve(crowdQueue, "d"))
		require.False(t, l.Reserve(crowdQueue, "e"))
	})
}

func TestNobodyIsOvertaken(t *testing.T) {
	t.Parallel()
	inLine(t, func(l *line) {
		l.waiting = 3
		l.Notify(crowdQueue)
		settle()
		require.Equal(t, 1, l.waiting, "the window holds two")
		require.False(t, l.Reserve(crowdQueue, "late"))
		require.Equal(t, 1, l.told, "other processes may have room")
		l.Hint(crowdQueue)
		settle()
		require.Equal(t, 1, l.told, "once is enough")

		l.mu.Lock()
		l.released = 0
		l.mu.Unlock()
		l.Claimed(crowdQueue)
		settle()
		require.Zero(t, l.waiting, "a claim made room")
		require.True(t, l.Reserve(crowdQueue, "next"))
		looks := l.looks
		l.Claimed(crowdQueue)
		settle()
		require.Equal(t, looks, l.looks, "nothing waits for room")

		l.mu.Lock()
		l.waiting = 1
		l.mu.Unlock()
		l.Hint(crowdQueue)
		settle()
		require.Equal(t, 1, l.told, "others know already what is due by their doing")
	})
}

// Whoever claimed jobs may not be heard of, since a hint can be lost; then the next look says so.
func TestLostHintsHoldNoRoom(t *testing.T) {
	t.Parallel()
	inLine(t, func(l *line) {
		l.Notify(crowdQueue)
		settle()
		require.True(t, l.Reserve(crowdQueue, "a"))
		require.True(t, l.Reserve(crowdQueue, "b"))
		require.False(t, l.Reserve(crowdQueue, "c"))
		l.Notify(crowdQueue) // c waits
		settle()
		require.True(t, l.Reserve(crowdQueue, "d"))
		require.Len(t, l.held, 1)
	})
}

func TestHandOverWithoutRedisIsWithdrawn(t *testing.T) {
	t.Parallel()
	inLine(t, func(l *line) {
		l.Notify(crowdQueue)
		settle()
		l.down = errors.New("no Redis")
		require.True(t, l.Reserve(crowdQueue, "a"))
		job := Dispatch{JobID: "a", No: 1, Queue: crowdQueue}
		l.HandOver(job)
		settle()
		require.Equal(t, []Dispatch{job}, l.withdrawn)
		require.Empty(t, l.held)
	})
}

// What was stored as released when the process is stopped is sent before it ends.
func TestHandOverIsFinishedAtTheEnd(t *testing.T) {
	t.Parallel()
	var all *line
	inLine(t, func(l *line) {
		all = l
		l.Notify(crowdQueue)
		settle()
		require.True(t, l.Reserve(crowdQueue, "a"))
		l.HandOver(Dispatch{JobID: "a", No: 1, Queue: crowdQueue})
	})
	require.Len(t, all.enqueued, 1)
}
