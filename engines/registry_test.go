package engines

import (
	"cmp"
	"strings"
	"testing"

	"github.com/spark-games/spark/models"
)

type named struct {
	Engine
	name, version string
}

func (n named) Info() Info { return Info{Name: n.name, Version: n.version} }

func TestRegistry(t *testing.T) {
	t.Parallel()
	r := NewRegistry(named{name: "three", version: "1"}, named{name: "phaser", version: "4.2.1"})
	if e, err := r.Get("three", ""); err != nil || e.Info().Name != "three" {
		t.Errorf("get: %v %v", e, err)
	}
	for _, name := range []string{"", "unity", "Phaser", strings.Repeat("é", 1000)} {
		_, err := r.Get(name, "")
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
			t.Error("two engines of one name and version")
		}
	}()
	NewRegistry(named{name: "a", version: "1"}, named{name: "a", version: "1"})
}

func TestRegistryOfSeveralVersions(t *testing.T) {
	t.Parallel()
	base := NewRegistry(named{name: "phaser", version: "4.2.1"})
	r, err := base.With(named{name: "unity", version: "2022.3.9f1"}, named{name: "phaser", version: "5.0.0"}, named{name: "phaser", version: "3.90.0"},
		named{name: "unity", version: "2022.3.10f1"})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range r.List() {
		ref := Ref(e)
		if r.Default(e) {
			ref += "*"
		}
		list = append(list, ref)
	}
	if got := strings.Join(list, " "); got != "phaser@4.2.1* phaser@5.0.0 phaser@3.90.0 unity@2022.3.10f1* unity@2022.3.9f1" {
		t.Errorf("list %s", got)
	}
	if len(base.List()) != 1 {
		t.Errorf("the first registry has %d engines", len(base.List()))
	}
	for _, tt := range []struct{ name, version, want string }{
		{"phaser", "", "4.2.1"}, {"phaser", "5.0.0", "5.0.0"}, {"phaser", "3.90.0", "3.90.0"}, {"unity", "", "2022.3.10f1"}, {"unity", "2022.3.9f1", "2022.3.9f1"},
	} {
		if e, err := r.Get(tt.name, tt.version); err != nil || e.Info().Version != tt.want {
			t.Errorf("%s@%s: %v %v", tt.name, tt.version, e, err)
		}
	}
	for _, version := range []string{"4", "4.2.1 ", strings.Repeat("9", 1000)} {
		_, err := r.Get("phaser", version)
		if models.CodeOf(err) != models.CodeUnknownVersion || !strings.Contains(err.Error(), "4.2.1, 5.0.0, 3.90.0") || len(err.Error()) > 300 {
			t.Errorf("%.10q: %v", version, err)
		}
	}
	for name, e := range map[string]Engine{"twice": named{name: "phaser", version: "5.0.0"}, "no name": named{}} {
		if _, err := r.With(e); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if name, version := SplitRef("phaser@4.2.1"); name != "phaser" || version != "4.2.1" {
		t.Error(name, version)
	}
}

func TestCompareVersions(t *testing.T) {
	t.Parallel()
	inOrder := []string{"", "1-alpha", "1-alpha.1", "1-beta", "1", "1+build", "1.0", "1.0.1", "1.2", "1.9.10", "1.10.0", "3.2.3.stable", "3.2.3.1",
		"4.3.0-rc1", "4.3.0-rc2", "4.3.0-rc10", "4.3.0", "4.3.0+b1", "5.4", "2022.3.9f1", "2022.3.10a1", "2022.3.10f1", "2022.3.10f2", "2023.1"}
	for i, a := range inOrder {
		for j, b := range inOrder {
			if got := CompareVersions(a, b); got != cmp.Compare(i, j) {
				t.Errorf("%q and %q: %d", a, b, got)
			}
		}
	}
	if CompareVersions("1.0", "1.00") == 0 || CompareVersions("1.0", "1.00") != -CompareVersions("1.00", "1.0") {
		t.Error("versions that are written differently are the same")
	}
}

func FuzzCompareVersions(f *testing.F) {
	f.Add("1.2-rc1", "1.2", "1.2.1+x")
	f.Add("2022.3f1", "..", "é-")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		ab, bc, ac := CompareVersions(a, b), CompareVersions(b, c), CompareVersions(a, c)
		if ab != -CompareVersions(b, a) || (ab == 0) != (a == b) {
			t.Errorf("%q and %q: %d", a, b, ab)
		}
		if ab <= 0 && bc <= 0 && ac > 0 || ab >= 0 && bc >= 0 && ac < 0 {
			t.Errorf("%q %d %q %d %q, but %d", a, ab, b, bc, c, ac)
		}
	})
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
