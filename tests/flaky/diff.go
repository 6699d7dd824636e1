package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// lineRange is the lines from and to, both included; whole files have no end.
type lineRange struct{ from, to int }

const lastLine = 1 << 30

func (r lineRange) overlaps(s lineRange) bool { return r.from <= s.to && s.from <= r.to }

// git runs a git command and returns its output.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("git %s: %s", strings.Join(args, " "), strings.TrimSpace(string(exit.Stderr)))
	}
	return string(out), err
}

// changedLines are the lines of the working tree that differ from a commit, by file: committed since, uncommitted, and in
// untracked files. A file that only moved has no changed lines.
func changedLines(ctx context.Context, dir, base string) (map[string][]lineRange, error) {
	diff, err := git(ctx, dir, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--find-renames=40%", "--no-prefix", base, "--", ".")
	if err != nil {
		return nil, err
	}
	changed, err := readDiff(strings.NewReader(diff))
	if err != nil {
		return nil, err
	}
	untracked, err := git(ctx, dir, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for file := range strings.SplitSeq(untracked, "\x00") {
		if file != "" {
			changed[file] = []lineRange{{1, lastLine}}
		}
	}
	return changed, nil
}

// readDiff reads the files and lines of the new side of a diff without context. Removed lines count as a change of the line
// before them.
func readDiff(r io.Reader) (map[string][]lineRange, error) {
	changed := make(map[string][]lineRange)
	file := ""
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line == "" && errors.Is(err, io.EOF) {
			return changed, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "diff --git "):
			file = ""
		case strings.HasPrefix(line, "+++ ") && file == "":
			file = strings.TrimSuffix(strings.TrimPrefix(line, "+++ "), "\t")
		case strings.HasPrefix(line, "@@ ") && file != "" && file != os.DevNull:
			from, n, err := hunk(line)
			if err != nil {
				return nil, err
			}
			changed[filepath.FromSlash(file)] = append(changed[filepath.FromSlash(file)], lineRange{from, from + max(n, 1) - 1})
		}
	}
}

// hunk reads the new side of "@@ -1,2 +3,4 @@".
func hunk(line string) (from, n int, err error) {
	_, rest, ok := strings.Cut(line, " +")
	if !ok {
		return 0, 0, fmt.Errorf("no hunk of a diff: %q", line)
	}
	n = 1
	place, _, _ := strings.Cut(rest, " ")
	format := "%d"
	args := []any{&from}
	if strings.Contains(place, ",") {
		format, args = "%d,%d", append(args, &n)
	}
	if _, err := fmt.Sscanf(place, format, args...); err != nil {
		return 0, 0, fmt.Errorf("no hunk of a diff: %q: %w", line, err)
	}
	return from, n, nil
}
