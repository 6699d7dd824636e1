package bench

import (
	"os"
	"testing"

	"github.com/spark-games/spark/internal/builds/sandbox/agent"
)

func TestMain(m *testing.M) {
	agent.MaybeRun() // builds re-execute this binary as their agent
	os.Exit(m.Run())
}
