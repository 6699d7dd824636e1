package conformance

import (
	"testing"

	"github.com/spark-games/spark/engines/custom"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/tests/pixelbox"
	"github.com/spark-games/spark/tests/testenv"
)

// An engine that a file declares passes the same suite as those that are written in Go.
func TestCustomEngine(t *testing.T) {
	t.Parallel()
	runner := newDockerRunner(t)
	list, err := custom.Load(pixelbox.Studio(t, pixelbox.Image(t, testenv.Docker(t))), custom.Options{})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	enginetest.Run(t, list[0], runner)
}
