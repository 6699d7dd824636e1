package images

import (
	"testing"
)

func TestLeave(t *testing.T) {
	t.Parallel()
	l := leaver{"*.map", "/shared", "node_modules/a/docs"}
	for name, out := range map[string]bool{
		"shared": true, "node_modules/pixi.js/lib/shared": false, "node_modules/a/x.js.map": true, "node_modules/a/docs": true,
		"node_modules/b/docs": false, "docs": false,
	} {
		if l.out(name) != out {
			t.Errorf("%s: %v", name, !out)
		}
	}
	if !l.outWithin("shared/x/y.js") || l.outWithin("node_modules/pixi.js/lib/shared/y.js") {
		t.Error("what lies within a folder goes another way than the folder")
	}
	if (leaver{"["}).check() == nil {
		t.Error("a bad pattern")
	}
}
