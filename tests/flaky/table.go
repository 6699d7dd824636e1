package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// printTable lists every test, failed ones last, and returns how many failed.
func printTable(w io.Writer, tests []test, l *ledger) (failed int) {
	ids := make(map[string]bool)
	for _, t := range tests {
		ids[t.id()] = true
	}
	for id, r := range l.Tests {
		if pkg, _, _ := strings.Cut(id, " "); r.Failures > 0 && r.Code == l.code[pkg] {
			ids[id] = true // a package's TestMain among them
		}
	}
	failures := func(id string) int {
		if r := l.Tests[id]; r != nil {
			return r.Failures
		}
		return 0
	}
	sorted := slices.SortedFunc(maps.Keys(ids), func(a, b string) int {
		if d := failures(a) - failures(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "\npackage\ttest\truns\tfailures")
	for _, id := range sorted {
		pkg, name, _ := strings.Cut(id, " ")
		r := l.Tests[id]
		if r == nil {
			r = &record{}
		}
		if r.Failures > 0 {
			failed++
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\n", pkg, name, r.Runs, r.Failures)
	}
	_ = table.Flush() // an error means that the terminal is gone
	return failed
}
