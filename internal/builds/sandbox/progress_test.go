package sandbox

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// A job's progress only rises, whatever its agent reports, and its texts are limited.
func TestMeter(t *testing.T) {
	t.Parallel()
	var told []string
	m := meter{tell: func(fraction float64, stage string) { told = append(told, fmt.Sprintf("%.2f %s", fraction, stage)) }}
	for _, s := range []protocol.Step{{Stage: "a", Fraction: 0}, {Stage: "a", Fraction: 0.001}, {Stage: "a", Fraction: 0.3}, {Stage: "b", Fraction: 0.1},
		{Stage: "b", Fraction: math.NaN()}, {Stage: "b", Fraction: math.Inf(-1)}, {Stage: "c\x1b[2J", Fraction: 7}, {Stage: "c\x1b[2J", Fraction: math.Inf(1)}} {
		m.step(s)
	}
	want := []string{"0.00 a", "0.30 a", "0.30 b", "1.00 c"}
	if !slices.EqualFunc(told, want, func(a, b string) bool { return strings.HasPrefix(a, b) }) || strings.Contains(told[3], "\x1b") {
		t.Errorf("told %q, want %q", told, want)
	}
	m.step(protocol.Step{Stage: strings.Repeat("x", 1000), Fraction: 1})
	if last := told[len(told)-1]; len(last) > 100 {
		t.Errorf("a stage of %d bytes", len(last))
	}
	told = nil
	for i := range 100_000 {
		m.step(protocol.Step{Stage: "d", Fraction: float64(i) / 1e5})
	}
	if len(told) > 101 {
		t.Errorf("told %d times", len(told))
	}
	(&meter{}).step(protocol.Step{Stage: "nobody", Fraction: 1})
}
