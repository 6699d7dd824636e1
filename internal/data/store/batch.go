package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// batcher is the group commit of one kind of write: while one batch commits, the next gathers, so that many callers share
// one statement and one flush to disk; a lone caller never waits for company.
type batcher[T any] struct {
	batching[T]
	waiting chan entry[T]
	stop    context.CancelFunc
	stopped chan struct{}
}

// batching says how to batch.
type batching[T any] struct {
	most  int // members of a batch, as weigh counts them
	weigh func(T) int
	key   func(T) string // no two members of a batch share a key; nil for none
	// write stores a batch in one transaction and leaves what it found in the members: T is a pointer.
	write func(ctx context.Context, batch []T) error
}

// entry is a write whose caller waits for done.
type entry[T any] struct {
	member T
	done   chan error
}

// newBatcher starts a batcher; close ends it.
func newBatcher[T any](how batching[T]) *batcher[T] {
	ctx, stop := context.WithCancel(context.Background()) //nolint:gosec // close calls stop
	b := &batcher[T]{batching: how, waiting: make(chan entry[T]), stop: stop, stopped: make(chan struct{})}
	go b.run(ctx)
	return b
}

func (b *batcher[T]) close() {
	b.stop()
	<-b.stopped
}

// do has a member written. ctx ends the wait for a place in a batch; what is in one is written, or fails, in a limited time.
func (b *batcher[T]) do(ctx context.Context, member T) error {
	e := entry[T]{member, make(chan error, 1)}
	select {
	case b.waiting <- e:
	case <-b.stopped:
		return errStopping()
	case <-ctx.Done():
		return ctx.Err()
	}
	// From here on it may be written, and the caller has to know: a claim that nobody holds would be a lost worker's.
	select {
	case err := <-e.done:
		return err
	case <-b.stopped:
		select {
		case err := <-e.done: // it was in the last batch
			return err
		default:
			return errStopping()
		}
	}
}

func errStopping() error { return models.NewError(models.CodeUnavailable, "the platform is stopping") }

// run gathers a batch whenever the last one is done.
func (b *batcher[T]) run(ctx context.Context) {
	defer close(b.stopped)
	var over []entry[T] // had no place in the last batch
	for {
		batch := gathering[T]{b: b, keys: make(map[string]bool)}
		for _, e := range over {
			batch.add(e)
		}
		if len(batch.taken) == 0 {
			select {
			case <-ctx.Done():
				return
			case first := <-b.waiting:
				batch.add(first)
			}
		}
		for !batch.full() {
			select {
			case next := <-b.waiting:
				batch.add(next)
				continue
			default:
			}
			break
		}
		over = batch.over
		b.commit(ctx, batch.taken)
	}
}

// gathering is a batch that is being put together.
type gathering[T any] struct {
	b           *batcher[T]
	taken, over []entry[T]
	keys        map[string]bool
	weight      int
}

func (g *gathering[T]) full() bool { return g.weight >= g.b.most }

func (g *gathering[T]) add(e entry[T]) {
	if g.b.key != nil {
		key := g.b.key(e.member)
		if g.keys[key] {
			g.over = append(g.over, e)
			return
		}
		g.keys[key] = true
	}
	if g.full() {
		g.over = append(g.over, e)
		return
	}
	g.weight++
	if g.b.weigh != nil {
		g.weight += g.b.weigh(e.member) - 1
	}
	g.taken = append(g.taken, e)
}

// writeWithin limits a commit: callers wait behind it, and a server that neither answers nor breaks the connection must not
// block them for good.
const writeWithin = 30 * time.Second

// commit stores a batch. If a batch of several fails, each gets a commit of its own, so that one caller's mistake is not
// another's error, unless the database turns out to be away.
func (b *batcher[T]) commit(ctx context.Context, batch []entry[T]) {
	ctx, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	members := make([]T, len(batch))
	for i, e := range batch {
		members[i] = e.member
	}
	err := b.write(ctx, members)
	away := 0
	for _, e := range batch {
		if err != nil && len(batch) > 1 && away < 2 { // one may be an error of the member that is taken for the database's
			one := b.write(ctx, []T{e.member})
			if models.CodeOf(one) == models.CodeUnavailable {
				away++
			}
			e.done <- one
			continue
		}
		e.done <- err
	}
}
