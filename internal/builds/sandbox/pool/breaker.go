package pool

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// image is the state of an image whose sandboxes fail to start. A working image has none.
type image struct {
	failures int // in a row
	launches int // under way
	until    time.Time
	broken   bool // until then requests are refused instead of kept waiting
	err      error
	timer    *time.Timer
}

// UnavailableError means that sandboxes of an image do not start, and says when that is retried.
type UnavailableError struct {
	Image string
	Until time.Time
	Err   error // of the last attempt
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("sandboxes of image %s do not start: %v", e.Image, e.Err)
}

func (e *UnavailableError) Unwrap() error { return e.Err }

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

// Permanent marks a launch's error as one that further attempts would only repeat, such as a missing image.
func Permanent(err error) error { return permanentError{err} }

// mayLaunch reports whether a sandbox of an image may be started now. While the last attempt failed, one is tried at a time.
func (p *Pool) mayLaunch(name string, now time.Time) bool {
	im := p.images[name]
	switch {
	case im == nil:
		return true
	case im.failures > 0:
		return im.launches == 0 && !now.Before(im.until)
	}
	return im.launches < p.cfg.Launches
}

// refusal is the error for requests while an image is considered broken.
func (p *Pool) refusal(name string) error {
	im := p.images[name]
	if im == nil || !im.broken || !time.Now().Before(im.until) {
		return nil
	}
	return &UnavailableError{Image: name, Until: im.until, Err: im.err}
}

func (p *Pool) launchOf(name string) {
	im := p.images[name]
	if im == nil {
		im = &image{}
		p.images[name] = im
	}
	im.launches++
}

// launched records the result of a launch.
func (p *Pool) launched(name string, err error) {
	im := p.images[name]
	im.launches--
	if err == nil {
		if im.timer != nil {
			im.timer.Stop()
		}
		im.failures, im.broken, im.err = 0, false, nil
		if im.launches == 0 {
			delete(p.images, name)
		}
		return
	}
	if p.closed {
		return // it failed because the pool was closed, or nobody asks for it any more
	}
	p.counts.Failed++
	im.failures++
	im.err = err
	pause := min(p.cfg.BackoffMin<<min(im.failures-1, 30), p.cfg.BackoffMax)
	if pause <= 0 {
		pause = p.cfg.BackoffMax
	}
	var permanent permanentError
	if im.broken = im.failures >= p.cfg.BreakAfter || errors.As(err, &permanent); im.broken {
		pause = p.cfg.BreakFor
	}
	pause += time.Duration(rand.Int64N(int64(pause)/5 + 1)) // so that workers do not retry simultaneously
	im.until = time.Now().Add(pause)
	if im.timer != nil {
		im.timer.Stop()
	}
	im.timer = time.AfterFunc(pause, func() {
		p.mu.Lock()
		defer p.unlock()
		p.schedule()
	})
	if im.broken {
		refusal := p.refusal(name)
		for _, sh := range p.shelves {
			if sh.key.Image == name && sh.checking == 0 {
				p.failWaiters(sh, refusal)
			}
		}
	}
}

// forgetImages drops the state of broken images that nobody asks for any more.
func (p *Pool) forgetImages(now time.Time) {
	used := make(map[string]bool)
	for key := range p.shelves {
		used[key.Image] = true
	}
	for name, im := range p.images {
		if !used[name] && im.launches == 0 && now.After(im.until) {
			delete(p.images, name)
		}
	}
}
