package testenv_test

import (
	"context"
	"testing"
	"time"

	"github.com/spark-games/spark/tests/services/server"
	"github.com/spark-games/spark/tests/testenv"
)

func TestDockerAnswers(t *testing.T) {
	t.Parallel()
	if err := server.PingDocker(t.Context(), testenv.Docker(t)); err != nil {
		t.Error(err)
	}
}

func TestADaemonOfTheTestsOwn(t *testing.T) {
	t.Parallel()
	d := testenv.StartDocker(t)
	if d.Host() == testenv.Docker(t) {
		t.Error("it is the shared daemon")
	}
	d.Pause()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := server.PingDocker(ctx, d.Host()); err == nil {
		t.Error("a paused daemon answers")
	}
	d.Resume()
	d.Kill()
	d.Start()
	d.Stop()
	if err := server.PingDocker(t.Context(), d.Host()); err == nil {
		t.Error("a stopped daemon answers")
	}
}
