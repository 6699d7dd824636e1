package agent

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	godot := []engines.Progress{{Pattern: `^\t*\w+: begin: (?P<task>.*) steps: (?P<of>\d+)$`}, {Pattern: `^\t*\w+: step (?P<done>\d+): `}}
	for name, c := range map[string]struct {
		patterns []engines.Progress
		lines    string
		want     []string // of a step from 0.2 to 0.6
	}{
		"nothing":          {godot, "Godot Engine\nERROR: x", nil},
		"a task":           {godot, "reimport: begin: Importing steps: 4\n\treimport: step 0: a\n\treimport: step 2: b\n\treimport: step 3: c", []string{"s: Importing 0.30", "s: Importing 0.35"}},
		"a second task":    {godot, "i: begin: A steps: 2\n\ti: step 1: a\ns: begin: B steps: 2\n\ts: step 1: b\n\ts: step 2: c", []string{"s: A 0.30", "s: B 0.38", "s: B 0.45"}},
		"beyond its end":   {godot, "i: begin: A steps: 2\ni: step 99: a", []string{"s: A 0.40"}},
		"backwards":        {godot, "i: begin: A steps: 2\ni: step 2: a\ni: step 1: b", []string{"s: A 0.40"}},
		"no task":          {godot, "i: step 1: a", nil},
		"no parts":         {godot, "i: begin: A steps: 0\ni: step 1: a", nil},
		"no number at all": {godot, "i: begin: A steps: 99999999999999999999\ni: step 1: a", nil},
		"small steps":      {godot, "i: begin: A steps: 1000\n" + numbered("i: step %d: a\n", 100), []string{"s: A 0.21"}},
		"twice in lines":   {[]engines.Progress{{Pattern: `(?P<done>\d+) of (?P<of>\d+)`}}, "1 of 2\n2 of 2\n1 of 2\n2 of 2", []string{"s 0.30", "s 0.40", "s 0.45", "s 0.50"}},
		"a place":          {godot, "i: begin: /tmp/job1/a.png steps: 2\ni: step 1: a", []string{"s: /a.png 0.30"}},
		"in one line":      {[]engines.Progress{{Pattern: `^\[(?P<done>\d+)/(?P<of>\d+)\] (?P<task>\w+)`}}, "[1/4] Compiling a.c\n[2/4] Compiling b.c\n[4/4] Linking game\n", []string{"s: Compiling 0.25", "s: Compiling 0.30", "s: Linking 0.40"}},
	} {
		var got []string
		p, err := newProgress(c.patterns, strings.NewReplacer("/tmp/job1", "").Replace, func(stage string, fraction float64) { got = append(got, fmt.Sprintf("%s %.2f", stage, fraction)) })
		if err != nil {
			t.Fatal(err)
		}
		p.begin("s", 0.2, 0.6)
		for line := range strings.Lines(c.lines) {
			p.see(strings.TrimSuffix(line, "\n"))
		}
		if want := append([]string{"s 0.20"}, c.want...); !slices.Equal(got, want) {
			t.Errorf("%s: told %q, want %q", name, got, want)
		}
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
