// Package docs_test checks the documents against the code that they describe.
package docs_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/spark-games/spark/models"
)

var edge = regexp.MustCompile(`(?m)^\s+(\w+) --> (\w+) : `)

func TestStateDiagramIsTheStateMachine(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/states.md")
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]bool{}
	for _, m := range edge.FindAllStringSubmatch(string(page), -1) {
		drawn[m[1]+" --> "+m[2]] = true
	}
	real := map[string]bool{}
	for _, from := range models.States() {
		for _, to := range models.States() {
			if from.CanBecome(to) {
				real[string(from)+" --> "+string(to)] = true
			}
		}
	}
	if !maps.Equal(drawn, real) {
		t.Errorf("the diagram draws\n%v\nthe machine has\n%v", slices.Sorted(maps.Keys(drawn)), slices.Sorted(maps.Keys(real)))
	}
}
