//go:build unix

package agent

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// ran is what a host learns of a job.
type ran struct {
	end         protocol.End
	outputs     map[string]string
	diagnostics []engines.Diagnostic
	log         string
	work        string
}

// command runs a plan of one shell script for each step, with one file in the project.
func command(t *testing.T, change func(*engines.Plan), scripts ...string) ran {
	t.Helper()
	plan := engines.Plan{Command: &engines.Command{Output: "out"},
		Limits: engines.Limits{OutputFiles: 10, OutputBytes: 1 << 20, LogBytes: 64 << 10}}
	for _, s := range scripts {
		plan.Command.Steps = append(plan.Command.Steps, engines.Step{Argv: []string{"sh", "-c", s}})
	}
	if change != nil {
		change(&plan)
	}
	r := ran{work: t.TempDir(), outputs: map[string]string{}}
	h := newHost(t)
	h.begin(protocol.Token{1})
	start, err := protocol.Encode(protocol.Spec{Plan: plan, Work: r.work, Toolchain: "/toolchain", Files: 1, Bytes: 5})
	if err != nil {
		t.Fatal(err)
	}
	h.send(protocol.Start, start)
	if err := protocol.SendFile(h.w, "a/b.txt", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	h.send(protocol.Run, nil)
	files := protocol.Files{MaxFiles: 1000, MaxBytes: 1 << 30}
	for {
		f, err := h.r.Next()
		if err != nil {
			t.Fatal(err)
		}
		switch f.Type {
		case protocol.Log:
			r.log += string(f.Payload)
		case protocol.Diagnostics:
			list, err := protocol.Decode[[]engines.Diagnostic](f)
			if err != nil {
				t.Fatal(err)
			}
			r.diagnostics = append(r.diagnostics, list...)
		case protocol.FileBegin, protocol.FileChunk, protocol.FileEnd:
			if err := files.Accept(f); err != nil {
				t.Fatal(err)
			}
		case protocol.Done:
			if r.end, err = protocol.Decode[protocol.End](f); err != nil {
				t.Fatal(err)
			}
			list, err := files.Result()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range list {
				r.outputs[f.Path] = string(f.Data)
			}
			return r
		}
	}
}

func TestCommandMakesFiles(t *testing.T) {
	t.Parallel()
	r := command(t, func(p *engines.Plan) {
		p.Command.Steps[0].Env = []string{"GREETING={toolchain}!"}
		p.Command.Steps[0].Argv = append(p.Command.Steps[0].Argv, "sh", "{work}/out/deep/c.txt")
		p.Command.Copies = []engines.Copy{{From: "{project}/a/b.txt", To: "copied/d.txt"}}
		p.Command.Files = []models.File{{Path: "platform.txt", Data: []byte("ours")}}
	}, `mkdir "$(dirname "$1")" && cat a/b.txt > "$1" && printf %s "$GREETING" > ../out/env.txt && cat platform.txt > ../out/p.txt`,
		`pwd > ../out/pwd.txt; env | cut -d= -f1 | sort | tr '\n' ' ' > ../out/names.txt; cat > ../out/stdin.txt`)
	if r.end.Outcome != protocol.Succeeded {
		t.Fatalf("%+v %s", r.end, r.log)
	}
	real, err := filepath.EvalSymlinks(r.work)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"deep/c.txt": "hello", "env.txt": "/toolchain!", "p.txt": "ours",
		"pwd.txt": real + "/project\n", "stdin.txt": "", "copied/d.txt": "hello"} {
		if got, ok := r.outputs[name]; !ok || got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// PWD, OLDPWD, SHLVL and _ are the shell's own.
	for name := range strings.FieldsSeq(r.outputs["names.txt"]) {
		if !strings.Contains(" HOME LANG PATH TMPDIR PWD OLDPWD SHLVL _ ", " "+name+" ") {
			t.Errorf("a step sees the variable %s", name)
		}
	}
}

func TestCommandFailures(t *testing.T) {
	t.Parallel()
	goProblem := engines.Problem{Pattern: `^(?P<file>\S+\.go):(?P<line>\d+):(?P<column>\d+): (?P<text>.*)`, Severity: "error"}
	godot := engines.Problem{Pattern: `^ERROR: (?P<text>.*)`, Where: `^ +At: res://(?P<file>[^:]+):(?P<line>\d+)`, Severity: "error"}
	warning := engines.Problem{Pattern: `^warning: (?P<text>.*)`, Severity: "warning"}
	for name, c := range map[string]struct {
		script string
		want   protocol.Outcome
		first  engines.Diagnostic
	}{
		"exit code": {"echo why; exit 3", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", Text: "sh failed: exit status 3: why"}},
		"compiler": {"echo \"$PWD/a/b.go:3:7: no\"; exit 1", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", File: "a/b.go", Line: 3, Column: 7, Text: "no"}},
		"compiler, of a line that is there": {"printf '\\n  x\\n' > b.go; echo 'b.go:2:3: no'; exit 1", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", File: "b.go", Line: 2, Column: 3, Text: "no", LineText: "  x"}},
		"compiler, of a line elsewhere": {"echo '../../b.go:1:1: no'; ln -s /etc/passwd c.go; exit 1", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", File: "../../b.go", Line: 1, Column: 1, Text: "no"}},
		"compiler, of a link": {"echo 'c.go:1:1: no'; ln -s /etc/passwd c.go; exit 1", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", File: "c.go", Line: 1, Column: 1, Text: "no"}},
		"exit 0 with an error": {"printf '\\033[31mERROR: bad\\033[0m\\n   At: res://x.gd:12.\\n'", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", File: "x.gd", Line: 12, Text: "bad"}},
		"place of another error": {"printf 'ERROR: bad\\na\\nb\\n   At: res://x.gd:12.\\n'", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", Text: "bad"}},
		"warning":       {"echo 'warning: odd'", protocol.Succeeded, engines.Diagnostic{Severity: "warning", Text: "odd"}},
		"killed":        {"kill -9 $$", protocol.OutOfMemory, engines.Diagnostic{}},
		"killed child":  {"sh -c 'kill -9 $$'", protocol.OutOfMemory, engines.Diagnostic{}},
		"denied memory": {"echo 'fatal error: runtime: out of memory'; exit 2", protocol.OutOfMemory, engines.Diagnostic{}},
		"denied memory, Godot": {"echo 'alloc_static: Condition \"!mem\" is true. Returned: __null'; kill -11 $$", protocol.OutOfMemory,
			engines.Diagnostic{}},
		"a game about memory": {"echo 'fatal error: out of memory'", protocol.Succeeded, engines.Diagnostic{}},
		"a mistake about memory": {"echo 'a.go:1:2: \"out of memory\" is not used'; exit 1", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", File: "a.go", Line: 1, Column: 2, Text: `"out of memory" is not used`}},
		"file limit": {"kill -25 $$", protocol.OutputTooLarge, engines.Diagnostic{}},
		"places of the machine": {"echo \"a.go:1:2: not in $(cd ..; pwd)/home, $PWD or $PWD/b.go\"; exit 1", protocol.CompileFailed,
			engines.Diagnostic{Severity: "error", File: "a.go", Line: 1, Column: 2, Text: "not in (work)/home, . or b.go"}},
		"too many":      {"for i in 1 2 3 4 5 6 7 8 9 10 11; do echo > ../out/$i; done", protocol.OutputTooLarge, engines.Diagnostic{}},
		"too large":     {"head -c 1048577 /dev/zero > ../out/x", protocol.OutputTooLarge, engines.Diagnostic{}},
		"sparse":        {"truncate -s 1T ../out/x", protocol.OutputTooLarge, engines.Diagnostic{}},
		"too many dirs": {"for i in $(seq 50); do mkdir ../out/$i; done", protocol.OutputTooLarge, engines.Diagnostic{}},
		"link":          {"ln -s /etc/passwd ../out/x", protocol.InvalidOutput, engines.Diagnostic{Severity: "error", Text: `"x" is a symbolic link`}},
		"folder link":   {"ln -s /etc ../out/x", protocol.InvalidOutput, engines.Diagnostic{Severity: "error", Text: `"x" is a symbolic link`}},
		"fifo":          {"mkfifo ../out/x", protocol.InvalidOutput, engines.Diagnostic{Severity: "error", Text: `"x" is neither a file nor a folder`}},
		"name":          {"echo > '../out/a\\b'", protocol.InvalidOutput, engines.Diagnostic{Severity: "error", Text: "path \"a\\\\b\": has a backslash"}},
		"output gone":   {"rm -r ../out", protocol.InvalidOutput, engines.Diagnostic{Severity: "error", Text: "the output folder is gone"}},
		"output a link": {"rm -r ../out; ln -s /etc ../out", protocol.InvalidOutput, engines.Diagnostic{Severity: "error", Text: "the output folder is gone"}},
		"output a file": {"rm -r ../out; echo > ../out", protocol.InvalidOutput, engines.Diagnostic{Severity: "error", Text: "the output folder is gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := command(t, func(p *engines.Plan) { p.Command.Problems = []engines.Problem{goProblem, godot, warning} }, c.script)
			if r.end.Outcome != c.want {
				t.Fatalf("%+v, want %s\n%s", r.end, c.want, r.log)
			}
			switch {
			case c.first == engines.Diagnostic{} && len(r.diagnostics) == 0:
			case len(r.diagnostics) != 1 || r.diagnostics[0] != c.first:
				t.Errorf("diagnostics %+v", r.diagnostics)
			}
		})
	}
}

func TestCommandWithoutItsProgram(t *testing.T) {
	t.Parallel()
	for name, argv := range map[string][]string{"nothing": nil, "unknown": {"no-such-program"}, "no file": {"/no/such/program"}} {
		r := command(t, func(p *engines.Plan) { p.Command.Steps = []engines.Step{{Argv: argv}} })
		if r.end.Outcome != protocol.Failed || r.end.Message == "" {
			t.Errorf("%s: %+v", name, r.end)
		}
		// Who writes an engine's file learns from the log what is wrong with it.
		if len(argv) > 0 && !strings.Contains(r.log, `the program "`+argv[0]+`" cannot be started: no such file or directory`) {
			t.Errorf("%s: log %q", name, r.log)
		}
	}
	r := command(t, func(p *engines.Plan) {
		p.Command.Steps = []engines.Step{{Argv: []string{"/bin/sh"}, Dir: "{project}/none"}}
	})
	if want := `the folder "{project}/none" cannot be entered: no such file or directory`; r.end.Outcome != protocol.Failed || !strings.Contains(r.log, want) {
		t.Errorf("%+v, log %q", r.end, r.log)
	}
	for _, dir := range []string{"", ".", "..", "/etc", "a/../.."} {
		if r := command(t, func(p *engines.Plan) { p.Command.Output = dir }, "true"); r.end.Outcome != protocol.Failed {
			t.Errorf("output folder %q: %+v", dir, r.end)
		}
	}
}

func TestAFailedStepIsTheLast(t *testing.T) {
	t.Parallel()
	r := command(t, nil, "exit 1", "echo second")
	if r.end.Outcome != protocol.CompileFailed || strings.Contains(r.log, "second") {
		t.Errorf("%+v %q", r.end, r.log)
	}
}

// What a step leaves running does not hold the job up, although it has the log open.
func TestCommandDoesNotWaitForStragglers(t *testing.T) {
	t.Parallel()
	start := time.Now()
	r := command(t, nil, "sleep 300 & echo $! > ../out/pid; echo started")
	if r.end.Outcome != protocol.Succeeded || !strings.Contains(r.log, "started") {
		t.Fatalf("%+v %q", r.end, r.log)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("the job took %s", took)
	}
	var pid int
	if _, err := fmt.Sscan(r.outputs["pid"], &pid); err != nil {
		t.Fatal(err)
	}
	if p, err := os.FindProcess(pid); err == nil { // outside a container the host ends it, with the agent's group
		_ = p.Kill()
	}
}

func TestCommandLogIsBounded(t *testing.T) {
	t.Parallel()
	r := command(t, nil, `i=0; while [ $i -lt 6000 ]; do echo "line $i"; i=$((i+1)); done; head -c 3000000 /dev/zero | tr '\0' x; echo; `+
		`printf 'a\000b\n\033]0;title\007end\n'`)
	if r.end.Outcome != protocol.Succeeded {
		t.Fatalf("%+v", r.end)
	}
	lines := strings.Split(strings.TrimSpace(r.log), "\n")
	if len(r.log) > 1<<20 || lines[0] != "line 0" || lines[len(lines)-1] != "end" {
		t.Errorf("%d bytes, %d lines, from %q to %q", len(r.log), len(lines), lines[0], lines[len(lines)-1])
	}
	if strings.Contains(r.log, "\x1b") {
		t.Error("an escape sequence came through")
	}
}

func TestStepLogHoldsBack(t *testing.T) {
	t.Parallel()
	var said []string
	p, _ := newProblems(nil)
	l := newStepLog(func(s string) { said = append(said, s) }, p, &progress{}, 100)
	for n := range 1000 {
		fmt.Fprintf(l, "line %d\n", n)
	}
	fmt.Fprint(l, "the end")
	l.end()
	// 800 bytes are about a hundred lines; then the note and the newest ones.
	if len(said) < 100 || len(said) > 200 || said[len(said)-1] != "the end" || said[0] != "line 0" {
		t.Errorf("%d lines: %q … %q", len(said), said[0], said[len(said)-1])
	}
	if note := said[len(said)-linesHeld-1]; !strings.HasPrefix(note, "(") {
		t.Errorf("no note but %q", note)
	}
}

// A file that grows while it is read is sent as it was when it was opened; one that shrinks ends the job.
func TestStreamOfAFileThatChanges(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	s := &sender{w: protocol.NewWriter(&b)}
	s.begin(protocol.Token{1})
	if err := s.stream("grows", 3, strings.NewReader("abcdef")); err != nil {
		t.Error(err)
	}
	if err := s.stream("shrinks", 70_000, strings.NewReader("abc")); !errors.Is(err, errShort) {
		t.Errorf("error %v", err)
	}
	s.done(protocol.End{Outcome: protocol.InvalidOutput})
	r := protocol.NewReader(strings.NewReader(b.String()))
	r.Expect(protocol.Token{1})
	files := protocol.Files{MaxFiles: 9, MaxBytes: 1 << 20}
	for {
		f, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if f.Type == protocol.Done {
			break
		}
		if err := files.Accept(f); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := files.Result(); err != nil || string(list[0].Data) != "abc" || len(list[1].Data) != 70_000 {
		t.Errorf("%v, %d files", err, len(list))
	}
}

func FuzzStepLog(f *testing.F) {
	f.Add([]byte("3 of 4\n5 of 0\n9 of 2\n"))
	f.Add([]byte("a\x1b[31mERROR: x\r\n\x1b]0;t\x07\x00\xff\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := newProblems([]engines.Problem{{Pattern: `ERROR: (?P<text>.*)`, Where: `At: (?P<file>\S+):(?P<line>\d+)`, Severity: "error"}})
		if err != nil {
			t.Fatal(err)
		}
		reached := 0.0
		told, err := newProgress([]engines.Progress{{Pattern: `(?P<done>\d+) of (?P<of>\d+)`}}, strings.Clone, func(_ string, fraction float64) {
			if fraction < reached || fraction > 1 {
				t.Errorf("progress goes from %v to %v", reached, fraction)
			}
			reached = fraction
		})
		if err != nil {
			t.Fatal(err)
		}
		told.begin("step", 0, 1)
		l := newStepLog(func(s string) {
			if len(s) > maxLogLine || strings.ContainsAny(s, "\n\r") {
				t.Errorf("line %q", s)
			}
		}, p, told, 1<<10)
		_, _ = l.Write(in)
		l.end()
		if p.errors > 0 && len(p.found(&workspace{root: "/w", places: placeNames("/w", "")})) == 0 {
			t.Error("an error without a diagnostic")
		}
	})
}

// A project has no modes: what begins with the name of an interpreter can be run.
func TestModeOf(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]os.FileMode{"#!/bin/sh\n": 0o700, "": 0o600, "#": 0o600, " #!/bin/sh": 0o600} {
		if got := modeOf(models.File{Path: "build", Data: []byte(data)}); got != want {
			t.Errorf("%q: %o, want %o", data, got, want)
		}
	}
}
