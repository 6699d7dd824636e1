package build

import (
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

func TestFormatOf(t *testing.T) {
	t.Parallel()
	files := func(pairs ...string) (list []models.File) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
		}
		return list
	}
	for _, c := range []struct {
		want  string
		files []models.File
	}{
		{models.FormatWeb, files("game.wasm", "", "index.html", "<p>")},
		{models.FormatWeb, files("a", "\x7fELF", "index.html", "<p>")},
		{models.FormatLinux, files("README.txt", "x", "game", "\x7fELF", "game.pck", "GDPC")},
		{models.FormatPack, files("README.txt", "x", "game.pck", "GDPC")},
		{models.FormatFiles, files("docs/index.html", "<p>", "data.bin", "x")},
		{models.FormatFiles, nil},
	} {
		if got, err := formatOf(engines.Info{Outputs: []string{models.FormatWeb}}, engines.InMemory(c.files)); got != c.want || err != nil {
			t.Errorf("%q for %+v: %v", got, c.files, err)
		}
	}
	windows := engines.Info{Outputs: []string{"windows"}}
	if got, err := formatOf(windows, engines.InMemory(files("game.exe", "MZ"))); got != "windows" || err != nil {
		t.Errorf("%q for what only the engine can know: %v", got, err)
	}
}
