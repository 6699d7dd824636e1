package agent

import (
	"fmt"
	"runtime/debug"

	"github.com/spark-games/spark/internal/sandbox/bundle"
	"github.com/spark-games/spark/internal/sandbox/protocol"
)

// job is one job between its Start and its Done.
type job struct {
	spec    protocol.Spec
	files   protocol.Files
	out     *sender
	limit   Limiter
	started bool
}

func newJob(f protocol.Frame, out *sender, limit Limiter) (*job, error) {
	spec, err := protocol.Decode[protocol.Spec](f)
	if err != nil {
		return nil, err
	}
	if spec.Files > maxFiles || spec.Bytes > maxBytes {
		return nil, &protocol.LimitError{What: "the job has more input than an agent takes"}
	}
	return &job{spec: spec, out: out, limit: limit, files: protocol.Files{MaxFiles: spec.Files, MaxBytes: spec.Bytes}}, nil
}

func (j *job) accept(f protocol.Frame) error {
	switch f.Type {
	case protocol.Cancel:
		j.out.done(protocol.End{Outcome: protocol.Cancelled})
		return errCancelled
	case protocol.FileBegin, protocol.FileChunk, protocol.FileEnd:
		if j.started {
			return fmt.Errorf("%w: %s after run", protocol.ErrUnexpected, f.Type)
		}
		return j.files.Accept(f)
	case protocol.Run:
		files, err := j.files.Result()
		if err != nil {
			return err
		}
		if j.started || len(files) != j.spec.Files || j.files.Bytes() != j.spec.Bytes {
			return fmt.Errorf("%w: run, with %d of %d files", protocol.ErrUnexpected, len(files), j.spec.Files)
		}
		j.started = true
		j.spec.Plan.Limits = j.spec.Plan.Limits.Or(DefaultLimits)
		stop := j.limit(j.spec.Plan.Limits.MemoryBytes, func() {
			j.out.done(protocol.End{Outcome: protocol.OutOfMemory})
		})
		go func() {
			defer stop()
			j.run(bundle.Input{Files: files})
		}()
		return nil
	}
	return fmt.Errorf("%w: %s from the host", protocol.ErrUnexpected, f.Type)
}

// run does the plan and reports. A panic of the bundler ends the job, not the report about it.
func (j *job) run(in bundle.Input) {
	defer func() {
		if r := recover(); r != nil {
			j.out.log(fmt.Sprintf("panic: %v\n%s", r, debug.Stack()))
			j.out.done(protocol.End{Outcome: protocol.Failed, Message: "the bundler panicked"})
		}
	}()
	if j.spec.Plan.Bundle == nil {
		j.out.done(protocol.End{Outcome: protocol.Failed, Message: "the plan has no action that this agent knows"})
		return
	}
	in.Bundle, in.Toolchain, in.ModuleURLs, in.Log = *j.spec.Plan.Bundle, j.spec.Toolchain, j.spec.ModuleURLs, j.out.log
	res, err := bundle.Make(in)
	if err != nil {
		j.out.log(err.Error())
		j.out.done(protocol.End{Outcome: protocol.Failed, Message: "the bundler could not start"})
		return
	}
	j.report(res)
}

func (j *job) report(res *bundle.Result) {
	j.out.diagnostics(res.Diagnostics)
	if res.Failed() {
		j.out.done(protocol.End{Outcome: protocol.CompileFailed})
		return
	}
	lim := j.spec.Plan.Limits
	var total int64
	for _, f := range res.Outputs {
		total += int64(len(f.Data))
	}
	if len(res.Outputs) > lim.OutputFiles || total > lim.OutputBytes {
		j.out.done(protocol.End{Outcome: protocol.OutputTooLarge,
			Message: fmt.Sprintf("%d files, %d bytes", len(res.Outputs), total)})
		return
	}
	for _, f := range res.Outputs {
		j.out.file(f)
	}
	j.out.done(protocol.End{Outcome: protocol.Succeeded})
}
