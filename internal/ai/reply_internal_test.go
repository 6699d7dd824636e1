package ai

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

func TestReplyIsBounded(t *testing.T) {
	t.Parallel()
	r := newReply(generation.Request{}, nil)
	piece := `{"title":"` + strings.Repeat("x", 1<<20)
	for n := 0; n+len(piece) <= generation.MaxOutputBytes; n += len(piece) {
		if err := r.write(piece); err != nil {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
	if err := r.write(piece); models.CodeOf(err) != models.CodeProviderOutput || !generation.Transient(err) {
		t.Errorf("error = %v", err)
	}
}

func TestReplyProgressNeverReachesTheEndByItself(t *testing.T) {
	t.Parallel()
	for name, files := range map[string][]models.File{"new": nil, "edit": {file("a.js", "abc")}} {
		var last generation.Progress
		told := 0
		r := newReply(generation.Request{Files: files}, func(p generation.Progress) {
			if p.Fraction < last.Fraction {
				t.Errorf("%s: from %v to %v", name, last.Fraction, p.Fraction)
			}
			last = p
			told++
		})
		for range 100_000 { // far more tokens than estimated
			if err := r.write("word "); err != nil {
				t.Fatal(err)
			}
		}
		if last.Fraction > writingTo || last.Fraction < 0.9 {
			t.Errorf("%s: ended at %v", name, last.Fraction)
		}
		if told > 110 {
			t.Errorf("%s: reported %d times", name, told)
		}
	}
}

func TestReplyStageNeverShowsAHostilePath(t *testing.T) {
	t.Parallel()
	var stages []string
	r := newReply(generation.Request{}, func(p generation.Progress) { stages = append(stages, p.Stage) })
	for _, path := range []string{`../../etc/passwd`, `src/\u001b[31m.js`, `src/ok.js`} {
		if err := r.write(`{"path":"` + path + `"}`); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(stages, "|"); strings.Contains(got, "etc") || strings.ContainsRune(got, 0x1b) || !strings.HasSuffix(got, "writing src/ok.js") {
		t.Errorf("stages = %q", got)
	}
}

func TestReplyTakesOnlyPlausibleNamesAndCounts(t *testing.T) {
	t.Parallel()
	r := newReply(generation.Request{}, nil)
	for _, name := range []string{"", "two words", "line\nbreak", strings.Repeat("m", 101), "llama3.1:8b", "other"} {
		r.named(name)
	}
	if r.model != "llama3.1:8b" {
		t.Errorf("model = %q", r.model)
	}
	if count(-1) != nil || count(1<<50) != nil || *count(0) != 0 {
		t.Error("an impossible count was believed")
	}
}
