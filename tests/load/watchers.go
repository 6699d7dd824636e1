package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// watchers keep event streams open: one reads those of the account, and each of the others those of a job that waits.
type watchers struct {
	a     *account
	count int
	pid   int // of the API

	client *http.Client
	told   atomic.Int64 // events that the account's stream has told
	memory atomic.Int64 // bytes that the API takes for each stream
	broken atomic.Int64 // streams that ended although they should not have
}

// settle is how long the API is left alone before its memory is looked at.
const settle = 2 * time.Second

// openers is how many streams are opened at a time.
const openers = 32

var errStreamsBroke = errors.New("event streams broke off")

// run opens the streams, until ctx is done.
func (w *watchers) run(ctx context.Context) (stop func() error, err error) {
	ctx, cancel := context.WithCancel(ctx)
	w.client = &http.Client{Transport: &http.Transport{}}
	before, err := memoryOf(w.pid)
	if err != nil {
		cancel()
		return nil, err
	}
	var open sync.WaitGroup
	begun := make(chan error, w.count)
	slots := make(chan struct{}, openers)
	for n := range w.count {
		path := "/v1/jobs/" + w.a.jobs[n%len(w.a.jobs)] + "/events"
		if n == 0 {
			path = "/v1/events"
		}
		slots <- struct{}{}
		open.Go(func() { w.watch(ctx, path, func(err error) { <-slots; begun <- err }) })
	}
	for range w.count {
		err = errors.Join(err, <-begun)
	}
	if err == nil {
		sleepUntil(ctx, time.Now().Add(settle))
		var after int64
		if after, err = memoryOf(w.pid); err == nil {
			w.memory.Store(max(w.memory.Load(), (after-before)/int64(max(w.count, 1)))) // memory is kept from earlier rounds
		}
	}
	stop = func() error {
		var errs []error
		if n := w.broken.Load(); n > 0 {
			errs = append(errs, fmt.Errorf("%w: %d of %d", errStreamsBroke, n, w.count))
		}
		cancel()
		open.Wait()
		w.client.CloseIdleConnections()
		return errors.Join(errs...)
	}
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	return stop, nil
}

// watch reads a stream until ctx is done. began is told when its first line is there, or why there is none.
func (w *watchers) watch(ctx context.Context, path string, began func(error)) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.a.url+path, nil)
	if err != nil {
		began(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+w.a.key)
	resp, err := w.client.Do(req)
	if err != nil {
		began(err)
		return
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(make([]byte, 0, 512), 1<<20)
	if resp.StatusCode != http.StatusOK || !lines.Scan() {
		began(fmt.Errorf("GET %s: %s", path, resp.Status))
		return
	}
	began(nil)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data: ") && path == "/v1/events" {
			w.told.Add(1)
		}
	}
	if ctx.Err() == nil {
		w.broken.Add(1)
	}
}

// memoryOf is how many bytes of memory a process has, without files.
func memoryOf(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("the process does not tell its memory")
}
