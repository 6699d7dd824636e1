package sandbox

import (
	"context"
	"strings"
	"sync"
	"time"
)

const (
	// renameAfter is how long a job has to run until its container is named after it. Short jobs, which no one would see
	// anyhow, do not cost the daemon a call.
	renameAfter   = 500 * time.Millisecond
	renameTimeout = 10 * time.Second
)

// shownName is a container's name as people see it: the container's own, and that of the job that it runs. The daemon is asked in
// the background, one call at a time, and whatever it answers: nothing depends on it.
type shownName struct {
	mu    sync.Mutex
	want  string
	given string
	busy  bool
	timer *time.Timer
}

// nameAfter names the container after a job that has run for a while.
func (c *container) nameAfter(job string) {
	name := c.name + "-job-" + named(job)
	c.shown.mu.Lock()
	defer c.shown.mu.Unlock()
	c.shown.timer = time.AfterFunc(renameAfter, func() { c.wantName(name) })
}

// nameAsIdle gives the container its own name again.
func (c *container) nameAsIdle() {
	c.keepName()
	c.wantName(c.name)
}

// keepName leaves the container the name that it has.
func (c *container) keepName() {
	c.shown.mu.Lock()
	defer c.shown.mu.Unlock()
	if c.shown.timer != nil {
		c.shown.timer.Stop()
	}
}

func (c *container) wantName(name string) {
	t := &c.shown
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.given == "" {
		t.given = c.name
	}
	t.want = name
	if t.busy || t.want == t.given {
		return
	}
	t.busy = true
	go c.rename()
}

// rename gives the container its name until it has the one that is wanted.
func (c *container) rename() {
	t := &c.shown
	for {
		t.mu.Lock()
		name := t.want
		if t.busy = name != t.given; !t.busy {
			t.mu.Unlock()
			return
		}
		t.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), renameTimeout)
		_ = c.launcher.daemon.Rename(ctx, c.conn.ID, name) // it may be gone by now
		cancel()
		t.mu.Lock()
		t.given = name
		t.mu.Unlock()
	}
}

// named makes a job's id fit for a container's name.
func named(job string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '_'
	}, job[:min(len(job), 60)])
}
