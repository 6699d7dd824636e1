package sandbox

import (
	"context"
	"strings"
	"sync"
	"time"
)

const (
	// titleAfter is how long a job has to run until its container is named after it. Short jobs, which no one would see
	// anyhow, do not cost the daemon a call.
	titleAfter   = 500 * time.Millisecond
	titleTimeout = 10 * time.Second
)

// title is a container's name as people see it: the box's own, and that of the job that it runs. The daemon is asked in
// the background, one call at a time, and whatever it answers: nothing depends on it.
type title struct {
	mu    sync.Mutex
	want  string
	given string
	busy  bool
	timer *time.Timer
}

// runs tells that a box runs a job.
func (b *box) runs(job string) {
	name := b.name + "-job-" + named(job)
	b.title.mu.Lock()
	defer b.title.mu.Unlock()
	b.title.timer = time.AfterFunc(titleAfter, func() { b.entitle(name) })
}

// idle tells that a box runs none any more, and stays.
func (b *box) idle() {
	b.stopTitle()
	b.entitle(b.name)
}

// stopTitle keeps a box's name as it is.
func (b *box) stopTitle() {
	b.title.mu.Lock()
	defer b.title.mu.Unlock()
	if b.title.timer != nil {
		b.title.timer.Stop()
	}
}

func (b *box) entitle(name string) {
	t := &b.title
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.given == "" {
		t.given = b.name
	}
	t.want = name
	if t.busy || t.want == t.given {
		return
	}
	t.busy = true
	go b.rename()
}

// rename gives the container its name until it has the one that is wanted.
func (b *box) rename() {
	t := &b.title
	for {
		t.mu.Lock()
		name := t.want
		if t.busy = name != t.given; !t.busy {
			t.mu.Unlock()
			return
		}
		t.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), titleTimeout)
		_ = b.launcher.daemon.Rename(ctx, b.c.ID, name) // it may be gone by now
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
