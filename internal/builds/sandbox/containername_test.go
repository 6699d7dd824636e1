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

func TestContainersAreNamedAfterLongJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &namingDaemon{}
		c := &container{launcher: &launcher{daemon: d}, name: "spark-1", conn: &docker.Container{ID: "1"}}
		job := func(id string, took time.Duration) {
			c.nameAfter(id)
			time.Sleep(took)
			c.nameAsIdle()
			synctest.Wait()
		}
		job("short", renameAfter-1)
		job("long one/ü", renameAfter+3*time.Second)
		time.Sleep(3 * time.Second)
		job("ends while it is named", renameAfter+time.Millisecond)
		time.Sleep(3 * time.Second)
		c.nameAfter("killed")
		c.keepName()
		time.Sleep(3 * time.Second)
		want := []string{"spark-1-job-long_one__", "spark-1", "spark-1-job-ends_while_it_is_named", "spark-1"}
		if !slices.Equal(d.names, want) {
			t.Errorf("names %q, want %q", d.names, want)
		}
	})
}
