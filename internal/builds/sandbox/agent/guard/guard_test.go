//go:build linux

package guard_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/dockertest"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/tests/testenv"
)

// image holds the agent and a program for its steps.
var image string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	host := os.Getenv("SPARK_TEST_DOCKER_HOST")
	if host == "" {
		return m.Run() // the tests say what to do
	}
	agent, err := dockertest.Program("../../../../../cmd/engine-agent", "engine-agent")
	if err == nil {
		var step dockertest.File
		if step, err = dockertest.Program("./testdata/step", "step"); err == nil {
			image, err = dockertest.Image(context.Background(), host, agent, step)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = dockertest.Remove(context.Background(), host, image) }()
	return m.Run()
}

// container is one hardened container and the host's side of its conversation.
type container struct {
	t      *testing.T
	cmd    *exec.Cmd
	in     io.WriteCloser
	r      *protocol.Reader
	w      *protocol.Writer
	stderr bytes.Buffer
}

func newContainer(t *testing.T, args ...string) *container {
	t.Helper()
	host := testenv.Docker(t)
	b := &container{t: t}
	list := append([]string{"--host", host, "run", "--rm", "--interactive", "--network=none", "--read-only", "--cap-drop=ALL",
		"--cap-add=SETUID", "--cap-add=SETGID", "--cap-add=KILL", "--security-opt=no-new-privileges", "--ipc=none", "--pids-limit=100",
		"--tmpfs=/work:exec,mode=1777,size=64m", "--tmpfs=/tmp:mode=1777,size=64m", "--memory=256m", "--memory-swap=256m",
		"--log-driver=none"}, args...)
	b.cmd = exec.CommandContext(t.Context(), "docker", append(list, image)...)
	var err error
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	b.cmd.Stderr = &b.stderr
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = b.in.Close()
		_ = b.cmd.Wait()
	})
	b.r, b.w = protocol.NewReader(out), protocol.NewWriter(b.in)
	if f, err := b.r.Next(); err != nil || f.Type != protocol.Hello {
		t.Fatalf("hello: %v %v %s", f.Type, err, b.stderr.String())
	}
	return b
}

// begin hands a job to the container.
func (b *container) begin(plan engines.Plan) {
	b.t.Helper()
	var token protocol.Token
	_, _ = rand.Read(token[:])
	start, err := protocol.Encode(protocol.Spec{Plan: plan, Files: 1, Bytes: 5})
	if err != nil {
		b.t.Fatal(err)
	}
	b.w.Begin(token)
	b.r.Expect(token)
	for _, err := range []error{b.w.Send(protocol.Start, start), protocol.SendFile(b.w, "main.js", []byte("run()")),
		b.w.Send(protocol.Run, nil), b.w.Flush()} {
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// end reads until the job is done.
func (b *container) end() (end protocol.End, log []string) {
	b.t.Helper()
	for {
		f, err := b.r.Next()
		if err != nil {
			_ = b.cmd.Wait()
			b.t.Fatalf("%v: %s", err, b.stderr.String())
		}
		switch f.Type {
		case protocol.Log:
			log = append(log, strings.TrimSpace(string(f.Payload)))
		case protocol.Done:
			if end, err = protocol.Decode[protocol.End](f); err != nil {
				b.t.Fatal(err)
			}
			return end, log
		}
	}
}

// over checks that the container ends by itself.
func (b *container) over() {
	b.t.Helper()
	if _, err := b.r.Next(); err == nil {
		b.t.Error("it says more")
	}
}

func steps(names ...string) engines.Plan {
	c := &engines.Command{Output: "out"}
	for _, n := range names {
		c.Steps = append(c.Steps, engines.Step{Argv: []string{"/step", n}})
	}
	return engines.Plan{Command: c}
}

var bundle = engines.Plan{Bundle: &engines.Bundle{Entry: "main.js", Mode: engines.Release}}

func TestAJobIsNobody(t *testing.T) {
	t.Parallel()
	b := newContainer(t)
	b.begin(steps("look"))
	end, log := b.end()
	if end.Outcome != protocol.Succeeded || end.Retire {
		t.Fatalf("%+v %q %s", end, log, b.stderr.String())
	}
	text := strings.Join(log, "\n")
	for _, want := range []string{"CapInh: 0000000000000000", "CapPrm: 0000000000000000", "CapEff: 0000000000000000",
		"CapAmb: 0000000000000000", "NoNewPrivs: 1", "fd 0 /dev/null", "fd 1 pipe", "fd 2 pipe", "processes 3", "segments 0"} {
		if !slices.Contains(log, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, not := range []string{"Uid: 0", "Gid: 0", "fd 3", "opened", "traced", "signalled", "found /tmp"} {
		if strings.Contains(text, not) {
			t.Errorf("%q in\n%s", not, text)
		}
	}
}

// Whatever a job leaves, the next one in the same container finds nothing, and has another account.
func TestTheNextJobFindsNothing(t *testing.T) {
	t.Parallel()
	b := newContainer(t)
	var accounts []string
	for range 3 {
		b.begin(steps("look", "litter"))
		end, log := b.end()
		if end.Outcome != protocol.Succeeded || end.Retire {
			t.Fatalf("%+v %q %s", end, log, b.stderr.String())
		}
		for _, line := range log {
			if strings.HasPrefix(line, "found /") && line != "found /work/job" {
				t.Errorf("a job %s", line)
			}
			if strings.HasPrefix(line, "Uid:") {
				accounts = append(accounts, line)
			}
		}
		if !slices.Contains(log, "processes 3") || !slices.Contains(log, "segments 0") {
			t.Errorf("log %q", log)
		}
	}
	slices.Sort(accounts)
	if len(slices.Compact(accounts)) != 3 {
		t.Errorf("accounts %q", accounts)
	}
}

func TestBundlesGoOnWithTheSameWorker(t *testing.T) {
	t.Parallel()
	b := newContainer(t)
	var slowest time.Duration
	for range 20 {
		start := time.Now()
		b.begin(bundle)
		if end, log := b.end(); end.Outcome != protocol.Succeeded || end.Retire {
			t.Fatalf("%+v %q", end, log)
		}
		slowest = max(slowest, time.Since(start))
	}
	t.Logf("the slowest took %s", slowest)
	b.begin(steps("litter"))
	if end, _ := b.end(); end.Retire {
		t.Error("a command among bundles cannot be reset")
	}
	b.begin(bundle)
	if end, _ := b.end(); end.Outcome != protocol.Succeeded {
		t.Errorf("%+v", end)
	}
}

func TestAJobThatEndsItsBuilder(t *testing.T) {
	t.Parallel()
	b := newContainer(t)
	b.begin(steps("suicide"))
	if end, log := b.end(); end.Outcome != protocol.CompileFailed || !end.Retire {
		t.Errorf("%+v %q", end, log)
	}
	b.over()
}

func TestOutOfMemory(t *testing.T) {
	t.Parallel()
	b := newContainer(t)
	b.begin(steps("memory"))
	if end, log := b.end(); end.Outcome != protocol.OutOfMemory {
		t.Errorf("%+v %q", end, log)
	}
}

// A container with a writable root cannot be verified.
func TestAWritableRootIsForOneJob(t *testing.T) {
	t.Parallel()
	b := newContainer(t, "--read-only=false")
	b.begin(steps("look"))
	if end, log := b.end(); end.Outcome != protocol.Succeeded || !end.Retire {
		t.Errorf("%+v %q", end, log)
	}
	b.over()
}
