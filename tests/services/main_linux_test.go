package main_test

import (
	"os/exec"
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
