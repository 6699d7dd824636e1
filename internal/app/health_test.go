package app

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// A dependency that has come back is not taken for lost because of an older question that was answered late.
func TestHealthBelievesTheLastQuestion(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan error)
	slow := true
	h := newHealth(map[string]func(context.Context) error{"redis": func(context.Context) error {
		if !slow {
			return nil
		}
		slow = false
		close(asked)
		return <-answer
	}}, func(string, bool) {})
	ping, late := h.ping("redis"), make(chan error)
	go func() { late <- ping(t.Context()) }()
	<-asked
	require.NoError(t, ping(t.Context()))
	answer <- errors.New("connection refused")
	require.Error(t, <-late, "whoever asked is told")
	require.NoError(t, h.ready(), "it was there when it was asked last")

	h.pings["redis"] = func(context.Context) error { return errors.New("connection refused") }
	require.Error(t, ping(t.Context()))
	require.Error(t, h.ready())
}
