package toolchain

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"
)

// Progress is how far the install of an engine's packages is.
type Progress struct {
	Engine string
	Bytes  int64 // that are there so far
	Done   bool
	Err    error // why it ended without them; Done is true
}

// Watch calls f with the progress of every install, from several goroutines, until stop is called.
func (i *Installer) Watch(f func(Progress)) (stop func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	id := &f
	i.watchers[id] = f
	return func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		delete(i.watchers, id)
	}
}

func (i *Installer) tell(p Progress) {
	i.mu.Lock()
	watchers := make([]func(Progress), 0, len(i.watchers))
	for _, f := range i.watchers {
		watchers = append(watchers, f)
	}
	i.mu.Unlock()
	for _, f := range watchers {
		f(p)
	}
}

// errSilent ends a download that receives nothing.
var errSilent = errors.New("nothing came")

// How long a registry may send nothing, and how often that is checked.
const (
	maxSilence = 20 * time.Second
	lookEvery  = time.Second
)

// silence is the error of a silent registry, and when it occurred.
type silence struct {
	err error
	at  time.Time
}

// silentFor is how long a silent registry is assumed to stay silent. One build asks for its engine's packages more than once,
// and must not wait for the timeout each time.
const silentFor = 2 * time.Second

func (i *Installer) noteSilence(dir string, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if delete(i.silent, dir); errors.Is(err, errSilent) {
		i.silent[dir] = silence{err, time.Now()}
	}
}

func (i *Installer) silentLately(dir string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if s := i.silent[dir]; s.err != nil && time.Since(s.at) < silentFor {
		return s.err
	}
	return nil
}

// downloading watches a folder that a program downloads into, and reports its growth. The returned context ends with errSilent
// when the folder has not grown for so long that the registry must be down: neither npm nor Go gives up in reasonable time. A
// large package that arrives slowly is not affected.
func (i *Installer) downloading(ctx context.Context, engine, dir string) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(min(lookEvery, i.silence/4))
		defer tick.Stop()
		size, grown := int64(-1), time.Now()
		for {
			if now := sizeOf(dir); now != size {
				size, grown = now, time.Now()
				i.tell(Progress{Engine: engine, Bytes: size})
			} else if time.Since(grown) > i.silence {
				cancel(errSilent)
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-done
	}
}

// sizeOf adds up the files under a folder that is being written.
func sizeOf(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // what went away meanwhile does not count
		}
		if info, err := d.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}
