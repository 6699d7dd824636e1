package sandbox

import (
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

func TestClasses(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[int64]string{0: "256m", 1: "256m", 256 << 20: "256m", 256<<20 + 1: "512m", 1 << 30: "1024m",
		3 << 30: "4096m", 1 << 40: "16384m"} {
		class := classOf(engines.Limits{MemoryBytes: bytes})
		if class != want {
			t.Errorf("%d bytes: class %s, want %s", bytes, class, want)
		}
		if _, err := classBytes(class); err != nil {
			t.Error(err)
		}
	}
	for _, class := range []string{"", "m", "-1m", "big"} {
		if _, err := classBytes(class); err == nil {
			t.Errorf("class %q", class)
		}
	}
}

func TestLabelsAndRoom(t *testing.T) {
	t.Parallel()
	l := &launcher{labels: map[string]string{LabelOwner: "me", LabelScope: "s"}, shape: Shape{}.withDefaults(1), expires: longestRun}
	s, err := l.spec("n", pool.Key{Engine: "phaser", Image: "sha256:x", Class: "512m"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Labels[LabelOwner] != "me" || s.Labels[LabelEngine] != "phaser" || s.Labels[LabelExpires] == "" {
		t.Errorf("labels %v", s.Labels)
	}
	if _, ok := s.Labels[LabelJob]; !ok {
		t.Error("no label for the job")
	}
	// A job that fills every file system still leaves its container memory to say so.
	if s.Work.Bytes+s.Tmp.Bytes+128<<20 > s.Memory {
		t.Errorf("files of %d bytes in %d of memory", s.Work.Bytes+s.Tmp.Bytes, s.Memory)
	}
	if s.NanoCPUs != 1e9 {
		t.Errorf("%d of one processor", s.NanoCPUs)
	}
	if _, err := l.spec("n", pool.Key{Class: "nonsense"}); err == nil {
		t.Error("a class of nonsense")
	}
}
