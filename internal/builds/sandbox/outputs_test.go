package sandbox_test

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/models"
)

// large is a job whose outputs are 200 MiB in four files.
func large(t *testing.T) engines.RunRequest {
	t.Helper()
	req := shell(t, "for f in a b c d; do head -c 50M /dev/zero > ../out/$f.bin; done")
	req.Plan.Limits.OutputBytes = 256 << 20
	return req
}

// However much a build makes, the process that it was asked of takes the memory of a buffer.
func TestOutputsAreNeverInMemory(t *testing.T) { //nolint:paralleltest // it measures the process
	r := newRunner(t)
	req := large(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	res, err := r.Run(t.Context(), req)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err, res)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
		t.Errorf("%d bytes were allocated", got)
	}
	made := res.Outputs.Manifest()
	if len(made) != 4 || made.Bytes() != 200<<20 || made[3].Path != "d.bin" || made[3].MediaType == "" ||
		made[3].SHA256 != "8565a714dca840f8652c5bae9249ab05f5fb5a4f9f13fbe23304b10f68252da2" {
		t.Errorf("outputs %+v", made)
	}
}

// failing is a sink that does something else after so many bytes.
type failing struct {
	engines.Sink
	after int
	then  func() error
}

func (s *failing) Create(path string) (io.WriteCloser, error) {
	w, err := s.Sink.Create(path)
	return failingFile{w, s}, err
}

type failingFile struct {
	io.WriteCloser
	s *failing
}

func (f failingFile) Write(p []byte) (int, error) {
	if f.s.after -= len(p); f.s.after < 0 {
		if err := f.s.then(); err != nil {
			return 0, err
		}
	}
	return f.WriteCloser.Write(p)
}

func TestOutputsOfCancelledAndRefusedBuilds(t *testing.T) {
	t.Parallel()
	full := models.NewError(models.CodeUnavailable, "the disk is full")
	for name, c := range map[string]struct {
		change func(req *engines.RunRequest)
		then   func(cancel func()) error
		want   models.Code
	}{
		"cancelled":       {then: func(cancel func()) error { cancel(); return nil }, want: models.CodeCancelled},
		"no room":         {then: func(func()) error { return full }, want: models.CodeUnavailable},
		"a broken sink":   {then: func(func()) error { return errors.New("broken") }, want: models.CodeSandboxFailed},
		"too many bytes":  {change: func(req *engines.RunRequest) { req.Plan.Limits.OutputBytes = 200<<20 - 1 }, want: models.CodeOutputTooLarge},
		"too many files":  {change: func(req *engines.RunRequest) { req.Plan.Limits.OutputFiles = 3 }, want: models.CodeOutputTooLarge},
		"nowhere to keep": {change: func(req *engines.RunRequest) { req.Sink = nil }, want: models.CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			work, spools := t.TempDir(), t.TempDir()
			r := newRunner(t, func(o *sandbox.Options) { o.Dir = work })
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			spool := engines.NewSpool(spools)
			req := large(t)
			req.Sink = spool
			if c.then != nil {
				req.Sink = &failing{spool, 60 << 20, func() error { return c.then(cancel) }}
			}
			if c.change != nil {
				c.change(&req)
			}
			res, err := r.Run(ctx, req)
			if models.CodeOf(err) != c.want || res != nil && res.Outputs != nil {
				t.Errorf("%v, want %s: %+v", err, c.want, res)
			}
			if err := spool.Close(); err != nil {
				t.Error(err)
			}
			for _, dir := range []string{work, spools} {
				if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
					t.Errorf("left: %v %v", left, err)
				}
			}
		})
	}
}
