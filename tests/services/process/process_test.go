package process_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spark-games/spark/tests/services/process"
)

func shell(t *testing.T, script string, change func(*process.Spec)) *process.Process {
	t.Helper()
	spec := process.Spec{Path: "/bin/sh", Args: []string{"-c", script}}
	if change != nil {
		change(&spec)
	}
	p, err := process.Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(syscall.SIGKILL, 0); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestExitCodeIsWhatAShellWouldSay(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]int{
		"exit 0":        0,
		"exit 7":        7,
		"kill -TERM $$": 128 + 15,
		"kill -KILL $$": 128 + 9,
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			p := shell(t, script, nil)
			if got := p.ExitCode(); got != want {
				t.Errorf("exit code %d, want %d", got, want)
			}
			if err := p.Err(); (err == nil) != (want == 0) {
				t.Errorf("exit code %d came with the error %v", want, err)
			}
		})
	}
}

func TestStartFailsForAProgramThatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := process.Start(process.Spec{Path: "/nonexistent/program"}); err == nil {
		t.Error("it started")
	}
}

func TestOutputGoesToTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	log, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	p := shell(t, "seq 1 100; echo end >&2", func(s *process.Spec) { s.Stdout, s.Stderr = log, log })
	<-p.Done()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if got := process.Tail(path, 3); got != "99\n100\nend" {
		t.Errorf("the log ends with %q", got)
	}
}

func TestTailOfAMissingLogSaysSo(t *testing.T) {
	t.Parallel()
	if got := process.Tail(filepath.Join(t.TempDir(), "none"), 3); !strings.Contains(got, "cannot be read") {
		t.Errorf("it said %q", got)
	}
}

// ready starts a script that reports through a pipe when it waits.
func ready(t *testing.T, script string) *process.Process {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	p := shell(t, script, func(s *process.Spec) { s.Stdout = w })
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestStopIsGentleFirst(t *testing.T) {
	t.Parallel()
	p := ready(t, "trap 'exit 3' TERM; echo; while :; do sleep 0.01; done")
	if err := p.Stop(syscall.SIGTERM, time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := p.ExitCode(); got != 3 {
		t.Errorf("exit code %d: it could not end its own way", got)
	}
	if err := p.Stop(syscall.SIGTERM, time.Minute); err != nil {
		t.Errorf("stopping it again: %v", err)
	}
}

func TestStopEndsWhatDoesNotListen(t *testing.T) {
	t.Parallel()
	p := ready(t, "trap '' TERM; echo; while :; do sleep 0.01; done")
	if err := p.Stop(syscall.SIGTERM, 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if got := p.ExitCode(); got != 128+9 {
		t.Errorf("exit code %d, want that of SIGKILL", got)
	}
}

func TestSignalGroupReachesGrandchildren(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := shell(t, "sleep 600 & sleep 600 & wait", func(s *process.Spec) { s.Stdout = w })
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.SignalGroup(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// The pipe ends only when the last process that holds it has ended.
	if n, err := r.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
	<-p.Done()
	if err := p.SignalGroup(syscall.SIGKILL); err != nil {
		t.Errorf("signalling an empty group: %v", err)
	}
}
