package engines_test

import (
	"errors"
	"io"
	"os"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// A spool's files are there when they are closed, and its own file has no name.
func TestSpool(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := engines.NewSpool(dir)
	for _, name := range []string{"unfinished", "one", "empty", "two"} {
		w, err := s.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if name != "empty" {
			if _, err := io.WriteString(w, "content of "+name); err != nil {
				t.Fatal(err)
			}
		}
		if name != "unfinished" {
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("names %v %v", left, err)
	}
	for name, want := range map[string]string{"one": "content of one", "two": "content of two", "empty": ""} {
		c, err := s.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(c); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
		if n, err := c.ReadAt(make([]byte, 100), 3); n != max(len(want)-3, 0) || !errors.Is(err, io.EOF) {
			t.Errorf("%s: %d bytes from its middle, %v", name, n, err)
		}
	}
	for _, name := range []string{"unfinished", "other"} {
		if _, err := s.Open(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := engines.NewSpool(dir + "/none").Create("x"); models.CodeOf(err) != models.CodeUnavailable {
		t.Error(err)
	}
}
