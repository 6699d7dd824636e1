package app

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// All that is watched is looked at every two seconds; when it is very much, less often, and never all at once.
func TestLooksAreInTurns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ watched, inTenSeconds, atOnce int }{
		{0, 0, 0}, {1, 5, 1}, {40, 200, 5}, {1000, 5000, 125}, {100_000, 80_000, 2000},
	} {
		sum, most, owed := 0, 0, 0.0
		for range 10 * time.Second / lookTick {
			var n int
			n, owed = looks(tt.watched, owed)
			sum, most = sum+n, max(most, n)
		}
		require.InDelta(t, tt.inTenSeconds, sum, 1, tt.watched)
		require.LessOrEqual(t, most, tt.atOnce+1, tt.watched)
	}
}
