package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/bench/peers"
)

// The measurement works; what it says depends on the machine, and is printed.
func TestMeasure(t *testing.T) {
	env, err := peers.FromEnvironment(t.Context(), t.TempDir(), t.TempDir())
	require.NoError(t, err)
	var said strings.Builder
	require.NoError(t, measure(t.Context(), env, size{each: 400, flood: 500, long: 2 * time.Second, job: 50 * time.Millisecond}, &said))
	t.Log("\n" + said.String())
	require.Equal(t, 4, strings.Count(said.String(), "\n"))
}
