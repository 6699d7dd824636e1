package main

import (
	"fmt"
	"regexp"
	"strings"
)

// result is one run of one test.
type result struct {
	failed  bool
	seconds float64
	output  string
}

// marked is a line that the testing package wrote itself: with -test.v=test2json such lines begin with a control
// character, which keeps them apart from what tests print.
var marked = regexp.MustCompile(`\x16(=== (?:RUN|PAUSE|CONT|NAME) +|--- (?:PASS|FAIL|SKIP): )([^ \n/]*)(\S*)`)

// readResults reads the output of a test program: every run of every top-level test, with its output. A test that was running
// when the program crashed has failed.
func readResults(out string) map[string][]result {
	results := make(map[string][]result)
	running := make(map[string]*strings.Builder)
	current := ""
	for line := range strings.Lines(out) {
		m := marked.FindStringSubmatch(line)
		if m == nil {
			if b := running[current]; b != nil {
				b.WriteString(line)
			}
			continue
		}
		word, name, sub := m[1], m[2], m[3]
		current = name
		if strings.HasPrefix(word, "=== RUN") && sub == "" {
			running[name] = &strings.Builder{}
		}
		b := running[name]
		if b == nil {
			continue
		}
		b.WriteString(strings.ReplaceAll(line, "\x16", ""))
		if strings.HasPrefix(word, "--- ") && sub == "" {
			results[name] = append(results[name], result{strings.HasPrefix(word, "--- FAIL"), seconds(line), b.String()})
			delete(running, name)
		}
	}
	for name, b := range running {
		results[name] = append(results[name], result{failed: true, output: b.String() + "\n" + tail(out)})
	}
	return results
}

// seconds reads how long a test took: "--- PASS: TestX (1.23s)".
func seconds(line string) float64 {
	var s float64
	_, after, _ := strings.Cut(line, "(")
	_, _ = fmt.Sscanf(after, "%fs)", &s) // 0 is a fast test
	return s
}

// tail is the end of a long output, which shows the crash.
func tail(out string) string {
	const most = 64 << 10
	return out[max(0, len(out)-most):]
}
