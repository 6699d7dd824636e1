//go:build unix

package sandbox_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/models"
)

func shell(t *testing.T, script string) engines.RunRequest {
	return engines.RunRequest{Sink: enginetest.Sink(t), JobID: "job", Engine: plain{}, Files: files("in.txt", "hello"), Plan: engines.Plan{
		Command: &engines.Command{Output: "out", Steps: []engines.Step{{Argv: []string{"sh", "-c", script}}}}}}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := newRunner(t, func(o *sandbox.Options) { o.Dir = dir })
	var lines []string
	req := shell(t, `echo reading; tr a-z A-Z < in.txt > ../out/upper.txt; mkdir -p ../home/shut/in; chmod 0 ../home/shut/in ../home/shut; exec sleep 0`)
	req.Log = func(line string) { lines = append(lines, line) }
	res, err := r.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err, res)
	}
	if made := enginetest.Files(t, res.Outputs); len(made) != 1 || made[0].Path != "upper.txt" || string(made[0].Data) != "HELLO" {
		t.Errorf("outputs %+v", made)
	}
	if !slices.Equal(lines, []string{"reading"}) || !strings.Contains(res.LogTail, "reading") {
		t.Errorf("log %q, tail %q", lines, res.LogTail)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("the workspace is left: %v %v", left, err)
	}
}

// TestLargeJobs sends many times the window, in both directions.
func TestLargeJobs(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	req := shell(t, "cp *.bin ../out")
	for i := range 6 {
		req.Files = append(req.Files, models.File{Path: string(rune('a'+i)) + ".bin", Data: bytes.Repeat([]byte{byte(i), 1, 2, 3, 5}, 1<<20)})
	}
	res, err := r.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err, res)
	}
	made := enginetest.Files(t, res.Outputs)
	if len(made) != 6 {
		t.Fatalf("%d outputs", len(made))
	}
	for i, f := range made {
		if !bytes.Equal(f.Data, req.Files[i+1].Data) {
			t.Errorf("%s differs", f.Path)
		}
	}
}

func TestCommandErrors(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	for script, want := range map[string]models.Code{
		"exit 1": models.CodeCompileFailed, "ln -s / ../out/x": models.CodeInvalidOutput,
		"kill -9 $$": models.CodeOutOfMemory, "truncate -s 1G ../out/x": models.CodeOutputTooLarge,
	} {
		if res, err := r.Run(t.Context(), shell(t, script)); models.CodeOf(err) != want || res == nil || res.Outputs != nil {
			t.Errorf("%s: %v", script, err)
		}
	}
}

// Code of the project runs in containers only, unless whoever runs Spark says otherwise.
func TestCommandThatExecutes(t *testing.T) {
	t.Parallel()
	req := shell(t, "true")
	req.Plan.Command.Executes = true
	if _, err := newRunner(t).Run(t.Context(), req); models.CodeOf(err) != models.CodeEngineUnavailable {
		t.Errorf("error %v", err)
	}
	allowed := newRunner(t, func(o *sandbox.Options) { o.ProjectCode = true })
	if _, err := allowed.Run(t.Context(), req); err != nil {
		t.Error(err)
	}
}

func TestCommandPastItsTime(t *testing.T) {
	t.Parallel()
	req := shell(t, "sleep 60 & sleep 60")
	req.Plan.Limits.Time = 200_000_000
	if _, err := newRunner(t).Run(t.Context(), req); models.CodeOf(err) != models.CodeTimeout {
		t.Errorf("error %v", err)
	}
}
