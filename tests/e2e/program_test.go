package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/services/process"
)

// program is one of the Spark programs as a process. Its output goes to files.
type program struct {
	*process.Process
	name, stdout, stderr string
}

// environment is the caller's environment without Spark's settings, plus what the test sets. Builds run in local processes,
// whatever isolation the machine offers and whatever Docker daemon or images it has, because these tests stop and kill the
// processes.
func environment(settings ...string) []string {
	return process.Environment("SPARK_", append([]string{"SPARK_SANDBOX=local", "SPARK_SANDBOX_MIN=open"}, settings...)...)
}

// launch runs a program; env is "NAME=value" on top of an environment without settings.
func launch(dir, name string, args, env []string) (*program, error) {
	logs, err := os.MkdirTemp(dir, name+"-log-")
	if err != nil {
		return nil, err
	}
	p := &program{name: name, stdout: filepath.Join(logs, "stdout"), stderr: filepath.Join(logs, "stderr")}
	stdout, err := os.Create(p.stdout)
	if err != nil {
		return nil, err
	}
	defer stdout.Close()
	stderr, err := os.Create(p.stderr)
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	p.Process, err = process.Start(process.Spec{Path: filepath.Join(programs, name), Args: args, Dir: dir,
		Env: environment(env...), Stdout: stdout, Stderr: stderr})
	return p, err
}

// start is launch for one test: the program is stopped when the test ends, and a failed test shows its output.
func start(t *testing.T, name string, args, env []string) *program {
	t.Helper()
	p, err := launch(t.TempDir(), name, args, env)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, p.said())
		}
	})
	return p
}

// kill ends the program and its group as a crash would, and waits until it has ended.
func (p *program) kill() {
	_ = p.SignalGroup(syscall.SIGKILL)
	<-p.Done()
}

// terminate asks the program to stop and returns its exit code.
func (p *program) terminate(t *testing.T, within time.Duration) int {
	t.Helper()
	require.NoError(t, p.Signal(syscall.SIGTERM))
	return p.exit(t, within)
}

// exit waits for the program's end and returns its exit code.
func (p *program) exit(t *testing.T, within time.Duration) int {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(within):
		require.FailNow(t, "the program does not end", "%s still runs after %s:\n%s", p.name, within, p.said())
	}
	return p.ExitCode()
}

func (p *program) ended() bool {
	select {
	case <-p.Done():
		return true
	default:
		return false
	}
}

func (p *program) said() string {
	return process.Tail(p.stdout, 40) + "\n" + process.Tail(p.stderr, 60)
}

// find waits until a pattern matches in one of the program's output files, and returns the first group.
func (p *program) find(file string, pattern *regexp.Regexp, within time.Duration) (string, error) {
	for deadline := time.Now().Add(within); ; {
		ended := p.ended() // checked before reading, so that its last output counts
		out, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		if m := pattern.FindSubmatch(out); m != nil {
			return string(m[1]), nil
		}
		if ended || time.Now().After(deadline) {
			return "", fmt.Errorf("%s did not print %s:\n%s", p.name, pattern, p.said())
		}
		<-time.After(pollEvery)
	}
}

// pollEvery is how often the tests poll something that does not signal changes.
const pollEvery = 20 * time.Millisecond

// eventually polls until a condition holds, and fails the test if it does not in time.
func eventually(t *testing.T, within time.Duration, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !so(); <-time.After(pollEvery) {
		if time.Now().After(deadline) {
			require.FailNow(t, "it did not come about", "within %s: %s", within, what)
		}
	}
}
