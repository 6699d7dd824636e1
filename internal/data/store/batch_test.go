package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// member is one write of a test.
type member struct {
	key  string
	bad  bool
	size int
}

// scripted is a batcher whose batches the test sees and lets pass one by one.
type scripted struct {
	*batcher[*member]
	batches chan []*member
	pass    chan struct{}
}

var errBad = errors.New("one of them is bad")

func newScripted(t *testing.T, most int) *scripted {
	t.Helper()
	s := &scripted{batches: make(chan []*member), pass: make(chan struct{})}
	s.batcher = newBatcher(batching[*member]{most: most, key: func(m *member) string { return m.key }, weigh: func(m *member) int { return m.size },
		write: func(_ context.Context, batch []*member) error {
			s.batches <- batch
			<-s.pass
			for _, m := range batch {
				if m.bad {
					return errBad
				}
			}
			return nil
		}})
	return s
}

// next is the next batch, by key.
func (s *scripted) next() (keys []string) {
	for _, m := range <-s.batches {
		keys = append(keys, m.key)
	}
	return keys
}

func TestBatchGathersWhileTheLastOneIsWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScripted(t, 3)
		defer s.close()
		var callers sync.WaitGroup
		do := func(m *member, want error) {
			callers.Go(func() { require.ErrorIs(t, s.do(t.Context(), m), want) })
			synctest.Wait()
		}
		do(&member{key: "a", size: 1}, nil)
		require.Equal(t, []string{"a"}, s.next(), "a lone caller waits for nobody")
		do(&member{key: "b", size: 1}, nil)
		do(&member{key: "b", size: 1}, nil)
		do(&member{key: "c", size: 1, bad: true}, errBad)
		do(&member{key: "d", size: 5}, nil)
		do(&member{key: "e", size: 1}, nil)
		s.pass <- struct{}{}

		// Which of the waiting callers comes first is not defined; what holds for every order is.
		seen := map[string]int{}
		for range 20 {
			synctest.Wait()
			select {
			case batch := <-s.batches:
				keys := map[string]bool{}
				size := 0
				for _, m := range batch {
					require.False(t, keys[m.key], "a key is in a batch once")
					keys[m.key] = true
					require.Less(t, size, 3, "a full batch takes no more")
					size += m.size
					if len(batch) == 1 || !hasBad(batch) {
						seen[m.key]++
					}
				}
				s.pass <- struct{}{}
			default:
			}
		}
		callers.Wait()
		require.Equal(t, map[string]int{"b": 2, "c": 1, "d": 1, "e": 1}, seen, "the bad one fails by itself, and the others are written")
	})
}

func hasBad(batch []*member) bool {
	for _, m := range batch {
		if m.bad {
			return true
		}
	}
	return false
}

func TestCallersGiveUpOnlyBeforeTheirBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScripted(t, 3)
		ctx, giveUp := context.WithCancel(t.Context())
		inBatch, waits := make(chan error, 1), make(chan error, 1)
		go func() { inBatch <- s.do(ctx, &member{key: "a", size: 1}) }()
		require.Equal(t, []string{"a"}, s.next())
		go func() { waits <- s.do(ctx, &member{key: "b", size: 1}) }()
		synctest.Wait()
		giveUp()
		require.ErrorIs(t, <-waits, context.Canceled)
		synctest.Wait()
		require.Empty(t, inBatch, "it may be written, and its caller has to know")
		s.pass <- struct{}{}
		require.NoError(t, <-inBatch)
		s.close()
		require.Equal(t, models.CodeUnavailable, models.CodeOf(s.do(t.Context(), &member{key: "c", size: 1})))
	})
}

// A database that is away is not asked for each member of a batch.
func TestBatchIsNotRepeatedForADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		writes := 0
		b := newBatcher(batching[*member]{most: 100, write: func(context.Context, []*member) error {
			<-hold
			writes++
			return models.NewError(models.CodeUnavailable, "away")
		}})
		var callers sync.WaitGroup
		for range 50 {
			callers.Go(func() {
				require.Equal(t, models.CodeUnavailable, models.CodeOf(b.do(t.Context(), &member{})))
			})
		}
		synctest.Wait()
		close(hold)
		callers.Wait()
		b.close()
		require.LessOrEqual(t, writes, 3+3, "the batch of those that came first, that of the others, and two of each")
	})
}

// What the last batch holds is written before the batcher ends.
func TestCloseWaitsForTheBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScripted(t, 3)
		over := make(chan error, 1)
		go func() { over <- s.do(t.Context(), &member{key: "a", size: 1}) }()
		require.Equal(t, []string{"a"}, s.next())
		closed := make(chan struct{})
		go func() { s.close(); close(closed) }()
		synctest.Wait()
		select {
		case <-closed:
			t.Fatal("closed under a batch")
		default:
		}
		s.pass <- struct{}{}
		<-closed
		require.NoError(t, <-over)
	})
}
