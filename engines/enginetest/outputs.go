package enginetest

import (
	"math"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Sink takes a build's outputs until the test ends.
func Sink(t testing.TB) engines.Sink {
	t.Helper()
	s := engines.NewSpool(t.TempDir())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Files reads outputs, of which there may be none.
func Files(t testing.TB, outputs engines.Outputs) []models.File {
	t.Helper()
	if outputs == nil {
		return nil
	}
	var files []models.File
	for _, e := range outputs.Manifest() {
		data, err := engines.ReadOutput(outputs, e.Path, math.MaxInt64-1)
		if err != nil {
			t.Errorf("read %s: %v", e.Path, err)
		}
		files = append(files, models.File{Path: e.Path, Data: data})
	}
	return files
}
