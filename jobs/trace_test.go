package jobs

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

func TestTraceOfAJob(t *testing.T) {
	t.Parallel()
	const header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	ctx := inTrace(t.Context(), header)
	require.Equal(t, header, traceparent(ctx))
	require.Equal(t, zap.String("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"), traceField(ctx))
	for _, none := range []string{"", "00-0-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "ff" + header[2:], header + "x"} {
		require.Empty(t, traceparent(inTrace(t.Context(), none)), none)
		require.Equal(t, zap.Skip(), traceField(inTrace(t.Context(), none)))
	}
}
