//go:build linux

package attacks_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/models"
)

// hostileTools is a toolchain that consists of the hostile program.
type hostileTools struct{ dir string }

func (t hostileTools) Dir() string { return t.dir }
func (t hostileTools) Ensure(context.Context, engines.Engine) (string, error) {
	return filepath.Join(t.dir, "hostile"), nil
}
func (hostileTools) Digest(context.Context, engines.Engine) (string, error) { return "", nil }
func (hostileTools) SharedModules(context.Context, engines.Engine) ([]engines.ModuleBlob, error) {
	return nil, nil
}

// newLocalBench makes a local runner that runs projects' code, which it does only when configured to, and only where the kernel
// can confine it.
func newLocalBench(t *testing.T) *sandbox.LocalRunner {
	t.Helper()
	files, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	tools := hostileTools{t.TempDir()}
	folder, _ := tools.Ensure(t.Context(), nil)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(f.Path)), f.Data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r, err := sandbox.NewLocalRunner(sandbox.Options{Toolchains: tools, Agent: []string{filepath.Join(folder, "engine-agent"), "engine-agent"},
		Dir: t.TempDir(), ProjectCode: true, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return r
}

func localAttack(steps ...string) engines.RunRequest {
	job := (&bench{}).attack(steps...)
	for i := range job.Plan.Command.Steps {
		job.Plan.Command.Steps[i].Argv[0] = "{toolchain}/hostile"
	}
	return job
}

// TestLocalAgentsAreConfined runs a hostile program in a process on this machine, under the account of the tests, which may be
// root: it reaches nothing but its own job.
func TestLocalAgentsAreConfined(t *testing.T) {
	t.Parallel()
	r := newLocalBench(t)
	got, err := r.Isolation()
	if err != nil {
		t.Fatal(err)
	}
	if got.Level != engines.Confined {
		t.Fatalf("this kernel cannot confine a process, so this cannot be tested: %+v", got)
	}
	folder := t.TempDir()
	secret := filepath.Join(folder, "secret")
	if err := os.WriteFile(secret, []byte("TOPSECRET"), 0o666); err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	socket, err := net.Listen("unix", filepath.Join(folder, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	datagrams, err := net.ListenPacket("unixgram", filepath.Join(folder, "datagrams"))
	if err != nil {
		t.Fatal(err)
	}
	defer datagrams.Close()
	shared, err := unix.SysvShmGet(unix.IPC_PRIVATE, 4096, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if _, err := unix.SysvShmCtl(shared, unix.IPC_RMID, nil); err != nil {
			t.Error("the shared memory is gone:", err)
		}
	}()
	o := do(t.Context(), r, localAttack(strings.Join([]string{"machine", strconv.Itoa(os.Getpid()), folder, tcp.Addr().String(), strconv.Itoa(shared)}, " ")))
	if o.err != nil || strings.Contains(o.log(), "BROKE") || strings.Count(o.log(), "held ") < 100 {
		t.Errorf("error %v, %d attempts held\n%s", o.err, strings.Count(o.log(), "held "), o.log())
	}
	if data, err := os.ReadFile(secret); err != nil || string(data) != "TOPSECRET" {
		t.Errorf("the file is %q now: %v", data, err)
	}
	if o := do(t.Context(), r, localAttack("honest")); o.err != nil || len(o.res.Outputs.Manifest()) != 1 {
		t.Errorf("after the attack: %v\n%s", o.err, o.log())
	}
}

// TestLocalJobsEnd runs hostile programs on a machine without a container: their own limits end them.
func TestLocalJobsEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps []string
		want  models.Code
		limit time.Duration
	}{
		"endless output":  {steps: []string{"endless-output"}, limit: 2 * time.Second, want: models.CodeTimeout},
		"ignored signals": {steps: []string{"say it began", "stubborn"}, limit: 2 * time.Second, want: models.CodeTimeout},
		"daemon":          {steps: []string{"daemon"}, want: models.CodeCompileFailed}, // it cannot leave the group that is killed
		"symlink":         {steps: []string{"artifact symlink"}, want: models.CodeInvalidOutput},
		"fifo":            {steps: []string{"artifact fifo"}, want: models.CodeInvalidOutput},
		"sparse terabyte": {steps: []string{"artifact sparse"}, want: models.CodeOutputTooLarge},
		"memory bomb":     {steps: []string{"say it began", "memory-bomb"}, want: models.CodeOutOfMemory},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			job := localAttack(c.steps...)
			job.Plan.Limits.Time = c.limit
			if o := do(t.Context(), newLocalBench(t), job); o.code != c.want || strings.Contains(o.log(), "BROKE") {
				t.Errorf("error %v, want %q\n%s", o.err, c.want, o.log())
			}
		})
	}
}
