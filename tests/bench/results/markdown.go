package results

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Table is a table in Markdown, aligned so that it can be read as it is. Its first row is the head.
type Table [][]string

// WriteTo implements io.WriterTo.
func (t Table) WriteTo(w io.Writer) (int64, error) {
	if len(t) == 0 {
		return 0, nil
	}
	widths := make([]int, len(t[0]))
	for _, row := range t {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for i, row := range t {
		for j, cell := range row {
			b.WriteString("| " + cell + strings.Repeat(" ", widths[j]-len([]rune(cell))) + " ")
		}
		b.WriteString("|\n")
		if i == 0 {
			for _, width := range widths {
				b.WriteString("| " + strings.Repeat("-", width) + " ")
			}
			b.WriteString("|\n")
		}
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

// Names are the words for workloads and subjects.
type Names func(id string) string

// TargetTable is the table of all targets. A figure that misses its target is shown as such.
func (r Results) TargetTable(targets []Target, names Names) Table {
	t := Table{{"measure", "measured", "compared with", "ratio", "target", "result"}}
	for _, a := range targets {
		v := r.Judge(a)
		row := []string{a.Measure, "–", "–", "–", a.words(), v.Words()}
		if v.Measured {
			row[1] = v.Value.format(a.Of.Figure)
		}
		if v.Measured && a.Against != nil {
			row[2] = fmt.Sprintf("%s: %s", names(a.Against.Subject), v.Compared.format(a.Against.Figure))
			row[3] = fmt.Sprintf("%.2f", v.Reached)
		}
		t = append(t, row)
	}
	return t
}

func (a Target) words() string {
	sign := "≥"
	if a.AtMost {
		sign = "≤"
	}
	if a.Against != nil {
		return fmt.Sprintf("%s %g ×", sign, a.Limit)
	}
	return sign + " " + number(a.Limit, a.Of.Figure)
}

// WorkloadTable shows the figures of a workload, a row for each subject that has the first one. That of the first row is the base of the
// ratios.
func (r Results) WorkloadTable(workload string, subjects []string, figures []Figure, names Names) Table {
	head := []string{""}
	for _, f := range figures {
		head = append(head, string(f))
	}
	t := Table{append(head, "ratio")}
	var base float64
	for _, s := range subjects {
		first, ok := r.Of(Key{workload, s, figures[0]})
		if !ok {
			continue
		}
		if len(t) == 1 {
			base = first.Median
		}
		row := []string{names(s)}
		for _, f := range figures {
			cell := "–"
			if sum, ok := r.Of(Key{workload, s, f}); ok {
				cell = sum.format(f)
			}
			row = append(row, cell)
		}
		ratio := "–"
		if base != 0 {
			ratio = fmt.Sprintf("%.2f", first.Median/base)
		}
		t = append(t, append(row, ratio))
	}
	return t
}

// format shows the median, and the range if there is one.
func (s Summary) format(f Figure) string {
	if s.Rounds == 1 || s.Min == s.Max {
		return number(s.Median, f)
	}
	return fmt.Sprintf("%s (%s–%s)", number(s.Median, f), plain(s.Min), plain(s.Max))
}

// number is a number with its unit.
func number(v float64, f Figure) string {
	units := map[Figure]string{Rate: "/s", P50: " ms", P99: " ms", CPU: " µs", Written: " B", Memory: " MiB", Busy: " %", Redis: " B"}
	return plain(v) + units[f]
}

// plain is a number with three digits that count, or all digits of a large one, in groups of three.
func plain(v float64) string {
	if math.Abs(v) < 100 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return Grouped(int(math.Round(v)))
}

// Grouped is a whole number with its digits in groups of three.
func Grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
