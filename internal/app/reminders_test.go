package app

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each watcher is reminded every two seconds; when there are very many, less often, and never all at once.
func TestReminders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ watchers, inTenSeconds, atOnce int }{
		{0, 0, 0}, {1, 5, 1}, {40, 200, 1}, {1000, 5000, 25}, {100_000, 5000, 25},
	} {
		sum, most, owed := 0, 0, 0.0
		for range 10 * time.Second / remindEvery {
			var n int
			n, owed = reminders(tt.watchers, owed)
			sum, most = sum+n, max(most, n)
		}
		require.InDelta(t, tt.inTenSeconds, sum, 1, tt.watchers)
		require.LessOrEqual(t, most, tt.atOnce+1, tt.watchers)
	}
}
