// Package secrets resolves the secrets that are kept outside the configuration, in files, in HashiCorp Vault or OpenBao, and in AWS
// Secrets Manager, and follows their rotation.
//
// At the start each secret must be there. Afterwards, what cannot be read keeps its last value, is logged and counted. Files are
// read every second, which follows every way of replacing them, such as the link that Kubernetes swaps; the rest is read at an interval or, if
// it is a lease, before two thirds of that are over.
package secrets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Reference is a secret that is kept elsewhere.
type Reference struct {
	Setting string // for messages
	Source  string // "file:///path", "vault://path#field", "awssm://name#field"
	Secret  models.Secret
}

// Observer counts attempts to read a secret again.
type Observer interface {
	SecretRead(setting string, ok bool)
}

// Options of a Keeper. Zero values mean the defaults.
type Options struct {
	Vault VaultOptions
	AWS   AWSOptions
	// Every is how often what is neither a file nor a lease is read again.
	Every    time.Duration
	Log      *zap.Logger
	Observer Observer
	// Changed is called after a secret got another value, from the goroutine of Run.
	Changed func(setting string)
}

const (
	fileEvery    = time.Second
	defaultEvery = 5 * time.Minute
	leastEvery   = 5 * time.Second
	fetchWithin  = 10 * time.Second
	maxSecret    = 64 << 10 // bytes
)

// value is what a source says of a secret, and how long it is valid; 0 is until it is replaced.
type value struct {
	text  string
	valid time.Duration
}

// source reads secrets of one scheme.
type source interface {
	fetch(ctx context.Context, path, field string) (value, error)
}

// Keeper has the current values of all referred secrets.
type Keeper struct {
	opts    Options
	entries []*entry
}

type entry struct {
	Reference
	source      source
	path, field string
	every       time.Duration // 0 is Options.Every
	due         time.Time
	failing     bool
}

// Open resolves all references. The error names every one that cannot be resolved.
func Open(ctx context.Context, refs []Reference, o Options) (*Keeper, error) {
	if o.Every <= 0 {
		o.Every = defaultEvery
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	k := &Keeper{opts: o}
	sources := map[string]source{"file": files{}, "vault": &vault{opts: o.Vault}, "awssm": &secretsManager{opts: o.AWS}}
	var errs []error
	for _, ref := range filesFirst(refs) {
		scheme, rest, _ := strings.Cut(ref.Source, "://")
		e := &entry{Reference: ref, source: sources[scheme], path: rest}
		if scheme == "file" {
			e.every = fileEvery
		} else {
			e.path, e.field, _ = strings.Cut(rest, "#")
		}
		if e.source == nil {
			errs = append(errs, fmt.Errorf("%s: no secrets are kept in %q", ref.Setting, scheme))
			continue
		}
		v, err := e.read(ctx)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: the secret in %s cannot be read: %w", ref.Setting, ref.Source, err))
			continue
		}
		ref.Secret.Rotate(v.text)
		k.plan(e, v)
		k.entries = append(k.entries, e)
	}
	return k, errors.Join(errs...)
}

// filesFirst has what opens a vault resolved before what is in it.
func filesFirst(refs []Reference) []Reference {
	sorted := slices.Clone(refs)
	isFile := func(r Reference) bool { return strings.HasPrefix(r.Source, "file://") }
	slices.SortStableFunc(sorted, func(a, b Reference) int {
		switch {
		case isFile(a) && !isFile(b):
			return -1
		case isFile(b) && !isFile(a):
			return 1
		}
		return 0
	})
	return sorted
}

// Run follows the rotation of the secrets until ctx is done.
func (k *Keeper) Run(ctx context.Context) {
	if len(k.entries) == 0 {
		<-ctx.Done()
		return
	}
	tick := time.NewTicker(fileEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			k.refresh(ctx, now)
		}
	}
}

// refresh reads what is due.
func (k *Keeper) refresh(ctx context.Context, now time.Time) {
	for _, e := range k.entries {
		if now.Before(e.due) || ctx.Err() != nil {
			continue
		}
		v, err := e.read(ctx)
		if ctx.Err() != nil {
			return
		}
		if k.opts.Observer != nil && (err != nil || e.every == 0) {
			k.opts.Observer.SecretRead(e.Setting, err == nil)
		}
		if err != nil && !e.failing {
			k.opts.Log.Warn("a secret cannot be read again, and keeps its last value", zap.String("setting", e.Setting),
				zap.String("source", e.Source), zap.Error(err))
		}
		e.failing = err != nil
		k.plan(e, v)
		if err != nil || v.text == e.Secret.Reveal() {
			continue
		}
		e.Secret.Rotate(v.text)
		k.opts.Log.Info("a secret was rotated", zap.String("setting", e.Setting))
		if k.opts.Changed != nil {
			k.opts.Changed(e.Setting)
		}
	}
}

// plan decides when a secret is read again: sooner if that failed, and never at the same time as by all other processes.
func (k *Keeper) plan(e *entry, v value) {
	every := e.every
	if every == 0 {
		every = k.opts.Every
		if v.valid > 0 {
			every = min(every, v.valid*2/3)
		}
		if e.failing {
			every /= 4
		}
		every = max(every, leastEvery)
		every -= time.Duration(rand.Int64N(int64(every)/5 + 1))
	}
	e.due = time.Now().Add(every)
}

// read is the secret as its source has it now.
func (e *entry) read(ctx context.Context) (value, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	v, err := e.source.fetch(ctx, e.path, e.field)
	switch {
	case err != nil:
		return value{}, err
	case v.text == "":
		return value{}, errors.New("it is empty")
	case len(v.text) > maxSecret:
		return value{}, errors.New("it is larger than 64 KiB")
	case strings.ContainsRune(v.text, 0):
		return value{}, errors.New("it has a NUL")
	}
	return v, nil
}

// files are secrets as Docker and Kubernetes mount them. Spaces and line breaks around one do not belong to it.
type files struct{}

func (files) fetch(_ context.Context, path, _ string) (value, error) {
	info, err := os.Stat(path) // before it is opened: opening a pipe waits
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err != nil {
		return value{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return value{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	return value{text: strings.TrimSpace(string(text))}, err
}

// fieldOf is a field of what a source has under one name.
func fieldOf(data map[string]any, field string) (string, error) {
	switch v, ok := data[field]; {
	case !ok:
		return "", fmt.Errorf("it has no field %q", field)
	default:
		if text, ok := v.(string); ok {
			return text, nil
		}
		return "", fmt.Errorf("its field %q is no text", field)
	}
}
