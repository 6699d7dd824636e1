package main_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is the compiled program; the tests drive it as a user does.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "spark-services-test-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "services")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func TestCommandGetsTheServicesAndItsExitCodeIsPassedOn(t *testing.T) {
	t.Parallel()
	cmd, folders := services(t, "sh", "-c", `echo "$SPARK_TEST_POSTGRES_URL $SPARK_TEST_REDIS_ADDR"; test -x "$SPARK_TEST_CHROMIUM"; exit $((7 + $?))`)
	out, err := cmd.Output()
	if exit := (&exec.ExitError{}); !errors.As(err, &exit) || exit.ExitCode() != 7 {
		t.Fatalf("it ended with %v; want exit code 7", err)
	}
	gone(t, addresses(t, string(out)))
	folders(t)
}

func TestACommandThatDoesNotExistIsNoSuccess(t *testing.T) {
	t.Parallel()
	cmd, folders := services(t, "no-such-command")
	out, err := cmd.CombinedOutput()
	if exit := (&exec.ExitError{}); !errors.As(err, &exit) || exit.ExitCode() != 125 || !strings.Contains(string(out), "no-such-command") {
		t.Errorf("it ended with %v and said %q", err, out)
	}
	folders(t)
}

func TestNoCommandIsAUsageError(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), program).CombinedOutput()
	if exit := (&exec.ExitError{}); !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), "usage:") {
		t.Errorf("it ended with %v and said %q", err, out)
	}
}

func TestCheckOnlyLooks(t *testing.T) {
	t.Parallel()
	if out, err := exec.CommandContext(t.Context(), program, "-check").CombinedOutput(); err != nil || len(out) != 0 {
		t.Errorf("it ended with %v and said %q", err, out)
	}
}

func TestAnInterruptReachesTheCommandAndEndsTheServices(t *testing.T) {
	t.Parallel()
	cmd, folders := services(t, "sh", "-c",
		`trap 'exit 9' INT; echo "$SPARK_TEST_POSTGRES_URL $SPARK_TEST_REDIS_ADDR"; while :; do sleep 0.01; done`)
	addrs := startAndRead(t, cmd)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if exit := (&exec.ExitError{}); !errors.As(err, &exit) || exit.ExitCode() != 9 {
		t.Errorf("it ended with %v; want the command's exit code 9", err)
	}
	gone(t, addrs)
	folders(t)
}

func TestASecondInterruptEndsACommandThatDoesNotListen(t *testing.T) {
	t.Parallel()
	cmd, folders := services(t, "sh", "-c",
		`trap '' INT TERM; echo "$SPARK_TEST_POSTGRES_URL $SPARK_TEST_REDIS_ADDR"; while :; do sleep 0.01; done`)
	addrs := startAndRead(t, cmd)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	err := cmd.Wait()
	if exit := (&exec.ExitError{}); !errors.As(err, &exit) || exit.ExitCode() != 128+9 {
		t.Errorf("it ended with %v; want that of SIGKILL", err)
	}
	gone(t, addrs)
	folders(t)
}

// services prepares a run of the program in a separate temporary folder; the second value checks that nothing is left there.
func services(t *testing.T, command ...string) (*exec.Cmd, func(*testing.T)) {
	t.Helper()
	// Not t.TempDir: as root, Postgres runs as another user, who could not reach that folder.
	tmp, err := os.MkdirTemp("/tmp", "spark-test-")
	if err == nil {
		err = os.Chmod(tmp, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(tmp) })
	cmd := exec.CommandContext(t.Context(), program, append([]string{"--"}, command...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	return cmd, func(t *testing.T) {
		t.Helper()
		left, err := os.ReadDir(tmp)
		if err != nil || len(left) != 0 {
			t.Errorf("left behind in the temporary folder: %v, %v", left, err)
		}
	}
}

// startAndRead starts the program and returns the addresses in the command's first line.
func startAndRead(t *testing.T, cmd *exec.Cmd) []string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return addresses(t, firstLine(t, out))
}

func firstLine(t *testing.T, r io.Reader) string {
	t.Helper()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func drain(t *testing.T, r io.Reader) {
	t.Helper()
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Fatal(err)
	}
}

func addresses(t *testing.T, line string) []string {
	t.Helper()
	fields := strings.Fields(line)
	if len(fields) != 2 {
		t.Fatalf("the command printed %q", line)
	}
	u, err := url.Parse(fields[0])
	if err != nil {
		t.Fatal(err)
	}
	return []string{u.Host, fields[1]}
}

// gone checks that nothing listens any more. The program waits for the servers before it ends, except after SIGKILL, when the
// kernel ends them a moment later.
func gone(t *testing.T, addrs []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var d net.Dialer
	for _, addr := range addrs {
		for {
			conn, err := d.DialContext(ctx, "tcp", addr)
			if err != nil {
				break
			}
			_ = conn.Close()
			if ctx.Err() != nil {
				t.Fatalf("%s is still served", addr)
			}
		}
	}
	if ctx.Err() != nil {
		t.Fatal("a server was still there after 30 seconds")
	}
}
