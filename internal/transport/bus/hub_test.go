package bus

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Reminders go round: nobody is reminded twice before all others were once, whoever comes and goes.
func TestRemindersGoRound(t *testing.T) {
	t.Parallel()
	h := &Hub{}
	var all []<-chan struct{}
	var stops []func()
	for range 5 {
		changed, stop := h.Watch("a job")
		all, stops = append(all, changed), append(stops, stop)
	}
	reminded := func() (which []int) {
		for i, changed := range all {
			select {
			case <-changed:
				which = append(which, i)
			default:
			}
		}
		return which
	}
	h.Remind(2)
	require.Equal(t, []int{0, 1}, reminded())
	h.Remind(2)
	require.Equal(t, []int{2, 3}, reminded())
	stops[4]()
	h.Remind(2)
	require.Equal(t, []int{0, 1}, reminded(), "whoever has left is not")
	h.Remind(100)
	require.Equal(t, []int{0, 1, 2, 3}, reminded())
	require.Equal(t, 4, h.Watchers())
	for _, stop := range stops[:4] {
		stop()
	}
	h.Remind(1)
	require.Empty(t, reminded())
	require.Zero(t, h.Watchers())
}
