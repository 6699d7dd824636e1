package jobs

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// slowStreams take a second to answer, with the time at which they were asked.
type slowStreams struct {
	Streams
	begun time.Time
	asked int
}

func (s *slowStreams) After(context.Context, string, models.Place, int64, int) ([]models.StreamEvent, error) {
	s.asked++
	at := time.Since(s.begun)
	time.Sleep(time.Second)
	return []models.StreamEvent{{Position: int64(at)}}, nil
}

// Who asks together shares an answer, and nobody gets one that was begun before it asked.
func TestReadersShareAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &slowStreams{begun: time.Now()}
		s := &sharedStreams{Streams: slow}
		got := make(chan time.Duration, 200)
		ask := func(ctx context.Context) {
			asked := time.Since(slow.begun)
			events, err := s.After(ctx, "a", models.Place{}, 7, 10)
			if err != nil {
				return
			}
			if begun := time.Duration(events[0].Position); begun < asked {
				t.Errorf("asked at %s, and the answer is of %s", asked, begun)
			}
			got <- time.Since(slow.begun)
		}
		go ask(t.Context())
		time.Sleep(100 * time.Millisecond)
		impatient, leave := context.WithCancel(t.Context())
		go ask(impatient) // begins the next one, and leaves
		for range 100 {
			go ask(t.Context())
		}
		time.Sleep(100 * time.Millisecond)
		leave()
		time.Sleep(3 * time.Second)
		synctest.Wait()
		require.Equal(t, 2, slow.asked)
		require.Len(t, got, 101)
		require.Equal(t, time.Second, <-got)
		require.Equal(t, 2*time.Second, <-got)
		require.Empty(t, s.reading)

		_, err := s.After(t.Context(), "a", models.Place{ProjectID: "another"}, 7, 10)
		require.NoError(t, err)
		require.Equal(t, 3, slow.asked)
	})
}
