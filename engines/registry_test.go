package engines

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/models"
)

type named struct {
	Engine
	name string
}

func (n named) Info() Info { return Info{Name: n.name} }

func TestRegistry(t *testing.T) {
	t.Parallel()
	r := NewRegistry(named{name: "three"}, named{name: "phaser"})
	if e, err := r.Get("three"); err != nil || e.Info().Name != "three" {
		t.Errorf("get: %v %v", e, err)
	}
	for _, name := range []string{"", "unity", "Phaser", strings.Repeat("é", 1000)} {
		_, err := r.Get(name)
		if models.CodeOf(err) != models.CodeUnknownEngine || !strings.Contains(err.Error(), "phaser, three") || len(err.Error()) > 300 {
			t.Errorf("get %.10q: %v", name, err)
		}
	}
	list := r.List()
	if len(list) != 2 || list[0].Info().Name != "phaser" {
		t.Errorf("list %v", list)
	}
	list[0] = nil
	if r.List()[0] == nil {
		t.Error("the list is not a copy")
	}
	defer func() {
		if recover() == nil {
			t.Error("two engines of one name")
		}
	}()
	NewRegistry(named{name: "a"}, named{name: "a"})
}

func TestLimitsOr(t *testing.T) {
	t.Parallel()
	d := Limits{Time: 1, MemoryBytes: 2, OutputBytes: 3, OutputFiles: 4, LogBytes: 5}
	if got := (Limits{}).Or(d); got != d {
		t.Errorf("%+v", got)
	}
	if got := (Limits{Time: -1, OutputFiles: 9}).Or(d); got.Time != 1 || got.OutputFiles != 9 || got.LogBytes != 5 {
		t.Errorf("%+v", got)
	}
}
