package jobs

import (
	"context"
	"sync"
	"time"

	"github.com/spark-games/spark/models"
)

// sharedStreams has streams that ask the same question at the same time share the answer, so that an account with a thousand of them
// open costs hardly more than with one. Who asks while an answer is under way gets the next one: what it was woken for may be too new for
// the first.
type sharedStreams struct {
	Streams

	mu      sync.Mutex
	reading map[question]*reading
}

// Shared has readers of streams share what they read.
func Shared(s Streams) Streams { return &sharedStreams{Streams: s} }

// question is the arguments of Streams.After.
type question struct {
	account  string
	in       models.Place
	position int64
	limit    int
}

// reading is one call of Streams.After.
type reading struct {
	next   *reading // that waits for this one to end
	begin  chan struct{}
	done   chan struct{}
	events []models.StreamEvent // shared: nobody changes them
	err    error
}

// readWithin bounds a shared reading, which goes on without whoever asked first.
const readWithin = 10 * time.Second

// After implements Streams.
func (s *sharedStreams) After(ctx context.Context, accountID string, in models.Place, position int64, limit int) ([]models.StreamEvent, error) {
	q := question{accountID, in, position, limit}
	r, first := s.join(q)
	if first {
		go s.read(context.WithoutCancel(ctx), q, r)
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.done:
		return r.events, r.err
	}
}

// join returns the reading that begins next; first reports that the caller has to start it.
func (s *sharedStreams) join(q question) (r *reading, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	current := s.reading[q]
	if current != nil && current.next != nil {
		return current.next, false
	}
	r = &reading{begin: make(chan struct{}), done: make(chan struct{})}
	if current != nil {
		current.next = r
		return r, true
	}
	if s.reading == nil {
		s.reading = make(map[question]*reading)
	}
	s.reading[q] = r
	close(r.begin)
	return r, true
}

func (s *sharedStreams) read(ctx context.Context, q question, r *reading) {
	<-r.begin
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	r.events, r.err = s.Streams.After(ctx, q.account, q.in, q.position, q.limit)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.next != nil {
		s.reading[q] = r.next
		close(r.next.begin)
	} else {
		delete(s.reading, q)
	}
	close(r.done)
}
