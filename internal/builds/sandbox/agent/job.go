package agent

import (
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/bundle"
	"github.com/spark-games/spark/internal/builds/sandbox/pack"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// job is one job between its Start and its Done.
type job struct {
	spec    protocol.Spec
	files   protocol.Files
	allowed protocol.Allowance // of the host, for the files
	out     *sender
	around  Surroundings
	started bool
}

func newJob(f protocol.Frame, out *sender, around Surroundings) (*job, error) {
	spec, err := protocol.Decode[protocol.Spec](f)
	if err != nil {
		return nil, err
	}
	if spec.Files > maxFiles || spec.Bytes > maxBytes {
		return nil, &protocol.LimitError{What: "the job has more input than an agent takes"}
	}
	if around.Narrow != nil && spec.Plan.Acts() {
		if err := around.Narrow(spec); err != nil {
			return nil, err
		}
	}
	j := &job{spec: spec, out: out, around: around, files: protocol.Files{MaxFiles: spec.Files, MaxBytes: spec.Bytes}}
	j.allowed.Reset(protocol.DataOf(spec.Files, spec.Bytes))
	return j, nil
}

func (j *job) accept(f protocol.Frame) error {
	switch f.Type {
	case protocol.Credit:
		return j.out.credit.Grant(f)
	case protocol.FileBegin, protocol.FileChunk, protocol.FileEnd:
		if j.started {
			return fmt.Errorf("%w: %s after run", protocol.ErrUnexpected, f.Type)
		}
		if err := j.allowed.Take(f); err != nil {
			return err
		}
		if err := j.files.Accept(f); err != nil {
			return err
		}
		if grant := j.allowed.Due(); grant != nil {
			j.out.grant(grant)
		}
		return nil
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
		stop := j.around.Limit(j.spec.Plan, func() {
			j.out.done(protocol.End{Outcome: protocol.OutOfMemory})
		})
		go func() {
			defer stop()
			j.run(files)
		}()
		return nil
	}
	return fmt.Errorf("%w: %s from the host", protocol.ErrUnexpected, f.Type)
}

// run does the plan and reports. A panic of the bundler ends the job, not the report about it.
func (j *job) run(files []models.File) {
	defer func() {
		if r := recover(); r != nil {
			j.out.log("the builder failed: the project is not to blame, or not alone")
			j.out.done(protocol.End{Outcome: protocol.Failed, Message: fmt.Sprintf("the agent panicked: %v\n%s", r, debug.Stack())})
		}
	}()
	plan := j.spec.Plan
	switch {
	case plan.Bundle != nil && plan.Command == nil && plan.Pack == nil:
		j.runBundle(files)
	case plan.Command != nil && plan.Bundle == nil && plan.Pack == nil:
		j.out.done(j.runCommand(files))
	case plan.Pack != nil && plan.Bundle == nil && plan.Command == nil:
		j.runPack(files)
	default:
		j.out.done(protocol.End{Outcome: protocol.Failed, Message: "the plan has no action that this agent knows"})
	}
}

// runBundle does a plan whose action is a bundle, in memory.
func (j *job) runBundle(files []models.File) {
	j.out.step("reading the project", 0)
	res, err := bundle.Make(bundle.Input{Files: files, Bundle: *j.spec.Plan.Bundle, Toolchain: j.spec.Toolchain,
		ModuleURLs: j.spec.ModuleURLs, Log: j.out.log, Step: j.out.step})
	if err != nil {
		j.out.done(failed("the bundler could not start", err))
		return
	}
	j.report(res.Outputs, res.Diagnostics)
}

// runPack does a plan whose action is an archive, in memory.
func (j *job) runPack(files []models.File) {
	j.out.step("checking and packing", 0)
	res, err := pack.Make(pack.Input{Files: files, Pack: *j.spec.Plan.Pack, Toolchain: j.spec.Toolchain, Log: j.out.log})
	if err != nil {
		j.out.done(failed("the game could not be packed", err))
		return
	}
	j.report(res.Outputs, res.Diagnostics)
}

// What is left to do once everything is made.
const (
	stageCollecting  = "collecting what came out"
	collectingBegins = 0.9
	largeOutput      = 16 << 20 // whose collecting takes long enough to be watched
)

func (j *job) report(outputs []models.File, diagnostics []engines.Diagnostic) {
	j.out.diagnostics(diagnostics)
	if slices.ContainsFunc(diagnostics, func(d engines.Diagnostic) bool { return d.Severity == "error" }) {
		j.out.done(protocol.End{Outcome: protocol.CompileFailed})
		return
	}
	lim := j.spec.Plan.Limits
	var total int64
	for _, f := range outputs {
		total += int64(len(f.Data))
	}
	if len(outputs) > lim.OutputFiles || total > lim.OutputBytes {
		j.out.done(protocol.End{Outcome: protocol.OutputTooLarge,
			Message: fmt.Sprintf("%d files, %d bytes", len(outputs), total)})
		return
	}
	j.out.step(stageCollecting, collectingBegins)
	var sent int64
	for _, f := range outputs {
		j.out.file(f)
		if sent += int64(len(f.Data)); total > largeOutput {
			j.out.step(stageCollecting, collectingBegins+(1-collectingBegins)*float64(sent)/float64(total))
		}
	}
	j.out.done(protocol.End{Outcome: protocol.Succeeded})
}
