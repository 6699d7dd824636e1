package engines_test

import (
	"testing"

	"github.com/spark-games/spark/engines"
)

func TestIsolationLevels(t *testing.T) {
	t.Parallel()
	order := []engines.IsolationLevel{"", engines.Open, engines.Confined, engines.Contained}
	for i, l := range order {
		if l.Valid() != (i > 0) {
			t.Errorf("%q: valid %v", l, l.Valid())
		}
		for j, other := range order {
			if l.AtLeast(other) != (i >= j) {
				t.Errorf("%q at least %q: %v", l, other, l.AtLeast(other))
			}
		}
	}
}
