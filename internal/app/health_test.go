package app

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/glebarez/go-sqlite"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
)

// told is a health that sends its results to a channel.
func told(pings map[string]func(context.Context) error) (*health, chan bool) {
	answers := make(chan bool)
	h := newHealth(pings, func(_ string, up bool) { answers <- up }, zap.NewNop())
	h.every, h.within = time.Millisecond, 10*time.Millisecond
	return h, answers
}

// runs starts a health; the returned function stops it and waits for its end.
func runs(t *testing.T, h *health, answers chan bool) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); h.run(ctx) }()
	return func() {
		cancel()
		for {
			select {
			case <-answers:
			case <-done:
				return
			}
		}
	}
}

// However often readiness is asked, a dependency is checked only periodically. One that does not answer is down, and is not
// asked again before it has answered.
func TestHealthAsksByItself(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}, 1000), make(chan error)
	h, answers := told(map[string]func(context.Context) error{"redis": func(context.Context) error { asked <- struct{}{}; return <-answer }})
	stop := runs(t, h, answers)
	require.False(t, h.checks()[0].Up, "it has not answered yet")
	require.NoError(t, h.ready(), "and refuses no submission")
	require.False(t, <-answers, "it did not answer in time")
	require.Error(t, h.ready())
	for range 100 {
		require.False(t, h.checks()[0].Up)
	}
	require.Len(t, asked, 1, "it is asked again while it does not answer")
	answer <- nil
	require.True(t, <-answers)
	require.True(t, h.checks()[0].Up)
	require.NoError(t, h.ready())
	answer <- errors.New("connection refused")
	for <-answers { // an answer that came too late counts, and so does the next
	}
	require.Error(t, h.ready())
	close(answer)
	stop()
}

// A locked SQLite does not delay the answer, which is the latest result.
func TestLockedDatabaseIsDown(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "spark.db")
	s, err := store.Open(t.Context(), "sqlite://"+path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	h, answers := told(map[string]func(context.Context) error{"database": s.Ping})
	h.within = time.Second
	stop := runs(t, h, answers)
	defer stop()
	for !<-answers { // it is up
	}
	other, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer other.Close()
	other.SetMaxOpenConns(1) // its transaction is of its one connection
	_, err = other.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	for err != nil { // it was asked just then
		<-answers
		_, err = other.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	}
	for <-answers { // until the lock is noticed
	}
	require.False(t, h.checks()[0].Up)
	_, err = other.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	for !<-answers { // it is up again
	}
	require.True(t, h.checks()[0].Up)
}
