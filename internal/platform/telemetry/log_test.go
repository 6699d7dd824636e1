package telemetry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLoggerRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	_, err := NewLogger("chatty", "json")
	require.Error(t, err)
	for _, format := range []string{"json", "console", "auto"} {
		log, err := NewLogger("info", format)
		require.NoError(t, err)
		require.NotNil(t, log)
	}
}
