package cluster

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockVariable names the file that says by how many seconds a process's clock is wrong.
const clockVariable = "SPARK_FAULTS_CLOCK"

// shiftSource is added to Go's package time.
//
//go:embed shift.go.txt
var shiftSource []byte

// overlay writes Go's package time with a clock that can be shifted into a folder, and returns the file for "go build -overlay". So
// everything in a process sees the wrong time, its libraries too, and the programs need no clock of their own.
func overlay(ctx context.Context, dir string) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("find Go's sources: %w", err)
	}
	source := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	code, err := os.ReadFile(filepath.Join(source, "time.go"))
	if err != nil {
		return "", err
	}
	const read = "\tsec, nsec, mono := runtimeNow()\n"
	if bytes.Count(code, []byte(read)) != 1 {
		return "", errors.New("this version of Go reads the clock in another way")
	}
	code = bytes.Replace(code, []byte(read), []byte(read+"\tsec += clockShift.Load()\n"), 1)
	replaced := filepath.Join(dir, "time.go")
	added := filepath.Join(dir, "shift.go")
	files, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(source, "time.go"): replaced, filepath.Join(source, "shift.go"): added}})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	return list, errors.Join(os.WriteFile(replaced, code, 0o600), os.WriteFile(added, shiftSource, 0o600), os.WriteFile(list, files, 0o600))
}

// clock is the file for clockVariable.
func (n *Node) clock() string { return filepath.Join(n.dir, "clock") }

// ShiftClock makes the process's clock wrong, now and when it is started again, until it is shifted by 0.
func (n *Node) ShiftClock(by time.Duration) error {
	next := n.clock() + ".next"
	if err := os.WriteFile(next, []byte(strconv.Itoa(int(by.Seconds()))), 0o600); err != nil {
		return err
	}
	return os.Rename(next, n.clock())
}

// Clocks reports whether the processes' clocks can be shifted.
func (c *Cluster) Clocks() bool { return c.clocks }
