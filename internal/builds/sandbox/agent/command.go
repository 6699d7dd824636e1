package agent

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// runCommand does a plan whose action is a command.
func (j *job) runCommand(files []models.File) protocol.End {
	c := j.spec.Plan.Command
	problems, err := newProblems(c.Problems)
	if err != nil {
		return failed("a pattern of the plan is wrong", err)
	}
	root, err := j.around.workspace(j.spec.Work)
	if err != nil {
		return failed("the workspace cannot be made", err)
	}
	w, err := newWorkspace(root, j.spec.Toolchain, files, c)
	if err != nil {
		return failed("the project cannot be written to the workspace", err)
	}
	progress, err := newProgress(c.Progress, w.plain, j.out.step)
	if err != nil {
		return failed("a pattern of the plan is wrong", err)
	}
	if usesCache(c) && !j.around.Contained { // a container's toolchain cannot be written to
		if err := w.ownCache(); err != nil {
			return failed("the build cache cannot be linked to", err)
		}
	}
	log := newStepLog(func(line string) { j.out.log(w.plain(line)) }, problems, progress, j.spec.Plan.Limits.LogBytes)
	part := collectingBegins / float64(len(c.Steps))
	for i, step := range c.Steps {
		progress.begin(fmt.Sprintf("%s, step %d of %d", filepath.Base(step.Argv[0]), i+1, len(c.Steps)), part*float64(i), part*float64(i+1))
		end, ok := j.runStep(w, step, log)
		j.around.killStrays()
		if !ok {
			j.out.diagnostics(problems.found(w))
			return end
		}
	}
	j.out.diagnostics(problems.found(w))
	j.out.step(stageCollecting, collectingBegins)
	if err := w.copyOut(c.Copies, c.Output); err != nil {
		return failed("the outputs cannot be completed", err)
	}
	return collect(filepath.Join(root, c.Output), j.spec.Plan.Limits, j.out)
}

func failed(what string, err error) protocol.End {
	return protocol.End{Outcome: protocol.Failed, Message: what + ": " + err.Error()}
}

// stragglers is how long a step's output is read after the step has ended: something it left running may hold it open.
const stragglers = 200 * time.Millisecond

// runStep runs one program to its end. ok reports whether the next may run.
func (j *job) runStep(w *workspace, step engines.Step, log *stepLog) (end protocol.End, ok bool) {
	if len(step.Argv) == 0 {
		return protocol.End{Outcome: protocol.Failed, Message: "a step of the plan has no program"}, false
	}
	env := w.environment(step)
	program, err := lookup(w.expand(step.Argv[0]), env)
	if err != nil {
		j.tellUnstarted(step, fs.ErrNotExist)
		return failed("the engine is not there", err), false
	}
	cmd := &exec.Cmd{Path: program, Args: []string{w.expand(step.Argv[0])}, Env: env, Dir: w.expand(step.Dir)}
	for _, a := range step.Argv[1:] {
		cmd.Args = append(cmd.Args, w.expand(a))
	}
	if step.Dir == "" {
		cmd.Dir = w.expand("{project}")
	}
	log.begin()
	cmd.Stdout, cmd.Stderr = log, log // one pipe for both, and stdin is the null device
	cmd.WaitDelay = stragglers
	cmd.SysProcAttr = j.around.stepAttr()
	err = cmd.Run()
	log.end()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it ended well, and what it left behind is killed
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		j.tellUnstarted(step, err)
		return failed("the engine could not be started", err), false
	}
	if err != nil || log.problems.errors > 0 {
		if end, over := overLimit(exit, log.starved); over {
			return end, false
		}
	}
	switch {
	case err != nil:
		log.problems.blame(fmt.Sprintf("%s failed: %s", filepath.Base(program), exit), log.last)
		return protocol.End{Outcome: protocol.CompileFailed}, false
	case log.problems.errors > 0:
		return protocol.End{Outcome: protocol.CompileFailed}, false
	}
	return protocol.End{}, true
}

// tellUnstarted logs why a step did not start, in the words of the plan, for whoever brought the engine: where it lies on
// this machine is nobody's business.
func (j *job) tellUnstarted(step engines.Step, err error) {
	what := fmt.Sprintf("the program %q cannot be started", step.Argv[0])
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		if err = p.Err; p.Op == "chdir" {
			what = fmt.Sprintf("the folder %q cannot be entered", step.Dir)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = syscall.ENOENT
	}
	j.out.log(fmt.Sprintf("%s: %v", what, err))
}

var _ io.Writer = (*stepLog)(nil)
