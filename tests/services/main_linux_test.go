package main_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestNothingSurvivesAKilledProgram(t *testing.T) {
	t.Parallel()
	cmd, folders := services(t, "sh", "-c", `echo "$SPARK_TEST_POSTGRES_URL $SPARK_TEST_REDIS_ADDR"; sleep 600`)
	addrs := startAndRead(t, cmd)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	gone(t, addrs)

	// The folder stays, and the next run removes it.
	next, _ := services(t, "true")
	next.Env = cmd.Env
	if out, err := next.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	folders(t)
}

func TestTheServicesEndWithTheProgramsParent(t *testing.T) {
	t.Parallel()
	cmd, folders := services(t, "sh", "-c", `echo "$SPARK_TEST_POSTGRES_URL $SPARK_TEST_REDIS_ADDR"; sleep 600`)
	// "go run" is such a parent: it dies of a SIGTERM without passing it on.
	parent := exec.CommandContext(t.Context(), "sh", append([]string{"-c", `"$@"; true`, "sh"}, cmd.Args...)...)
	parent.Env = cmd.Env
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line := firstLine(t, out)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	gone(t, addresses(t, line))
	// Both the program and its command hold the pipe: when it ends they are gone, folder and all.
	drain(t, out)
	_ = parent.Wait() // it was killed
	folders(t)
}

func TestADockerDaemonOfTheRunsOwn(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("a Docker daemon needs root")
	}
	cmd, folders := services(t, "sh", "-c", `echo "$SPARK_TEST_DOCKER_HOST"; test -S "${SPARK_TEST_DOCKER_HOST#unix://}"`)
	cmd.Args = append([]string{cmd.Args[0], "-own-docker"}, cmd.Args[1:]...)
	out, err := cmd.Output()
	if host := strings.TrimSpace(string(out)); err != nil || !strings.HasSuffix(host, "/docker/docker.sock") {
		t.Fatalf("%v, %q", err, host)
	}
	folders(t)
}
