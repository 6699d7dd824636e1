package sandbox

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/docker"
)

// namingDaemon remembers the names that it was asked to give, and takes its time.
type namingDaemon struct {
	Daemon
	mu    sync.Mutex
	names []string
}

func (d *namingDaemon) Rename(_ context.Context, _, name string) error {
	time.Sleep(time.Second)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names = append(d.names, name)
	return errors.New("whatever")
}

func TestBoxesAreNamedAfterLongJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &namingDaemon{}
		b := &box{launcher: &launcher{daemon: d}, name: "spark-1", c: &docker.Container{ID: "1"}}
		job := func(id string, took time.Duration) {
			b.runs(id)
			time.Sleep(took)
			b.idle()
			synctest.Wait()
		}
		job("short", titleAfter-1)
		job("long one/ü", titleAfter+3*time.Second)
		time.Sleep(3 * time.Second)
		job("ends while it is named", titleAfter+time.Millisecond)
		time.Sleep(3 * time.Second)
		b.runs("killed")
		b.stopTitle()
		time.Sleep(3 * time.Second)
		want := []string{"spark-1-job-long_one__", "spark-1", "spark-1-job-ends_while_it_is_named", "spark-1"}
		if !slices.Equal(d.names, want) {
			t.Errorf("names %q, want %q", d.names, want)
		}
	})
}
