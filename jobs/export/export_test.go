package export

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

var game = []models.File{
	{Path: "index.html", Data: []byte(`<!doctype html><html><head><title>Fox</title><link rel="stylesheet" href="./assets/a.css">` +
		`<link rel="icon" href="icon.png"></head><body><script type="module" crossorigin src="./assets/game.js"></script></body></html>`)},
	{Path: "assets/game.js", Data: []byte(`console.log("</script><b>", fetch("levels/1.json"))`)},
	{Path: "assets/a.css", Data: []byte(`body{background:url(../icon.png)} i{background:url("https://example.com/x.png")}`)},
	{Path: "icon.png", Data: []byte("\x89PNG")},
	{Path: "levels/1.json", Data: []byte(`{"name":"</script>"}`)},
	{Path: "assets/game.js.map", Data: []byte(`{}`)},
}

func TestZipIsReproducibleAndWhole(t *testing.T) {
	t.Parallel()
	first, err := Zip(game)
	require.NoError(t, err)
	shuffled := slices.Clone(game)
	slices.Reverse(shuffled)
	second, err := Zip(shuffled)
	require.NoError(t, err)
	require.Equal(t, first, second)
	r, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	require.NoError(t, err)
	require.Len(t, r.File, len(game))
	for _, f := range r.File {
		in, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(in)
		require.NoError(t, err)
		i := slices.IndexFunc(game, func(g models.File) bool { return g.Path == f.Name })
		require.Equal(t, game[i].Data, data)
	}
}

func TestSinglePageCarriesEverything(t *testing.T) {
	t.Parallel()
	out, err := SinglePage(game)
	require.NoError(t, err)
	again, err := SinglePage(game)
	require.NoError(t, err)
	require.Equal(t, out, again)
	s := string(out)
	require.NotContains(t, s, `src="./assets/game.js"`)
	require.NotContains(t, s, `href="./assets/a.css"`)
	require.Contains(t, s, `console.log("<\/script><b>"`, "code cannot end its element")
	require.Contains(t, s, `url("data:image/png;base64,iVBORw==")`)
	require.Contains(t, s, `https://example.com/x.png`)
	require.Contains(t, s, `"levels/1.json":"data:application/json;base64,`)
	require.NotContains(t, s, "game.js.map")
	require.Less(t, strings.Index(s, "levels/1.json"), strings.Index(s, "<title>"), "the loader runs before the game")
	require.Equal(t, 3, strings.Count(strings.ToLower(s), "</script>")+strings.Count(s, "</style>"))
}

func TestSinglePageWithoutLooseFilesHasNoLoader(t *testing.T) {
	t.Parallel()
	out, err := SinglePage(game[:4])
	require.NoError(t, err)
	require.NotContains(t, string(out), "XMLHttpRequest")
}

func TestPackNeedsAPage(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"zip", "html"} {
		_, _, err := pack(format, &models.Artifact{Title: "x", Format: models.FormatWeb}, game[1:])
		require.Equal(t, models.CodeInvalidOutput, models.CodeOf(err))
	}
	name, _, err := pack("zip", &models.Artifact{Title: "  Fox & Stars: Ünder the Sea!! ", Format: models.FormatWeb}, game)
	require.NoError(t, err)
	require.Equal(t, "fox-stars-nder-the-sea.zip", name)
	require.Equal(t, "game", models.Slug("星"))
}

// A game that is a program is zipped with the right to run it, and no page is made of it.
func TestPackAProgram(t *testing.T) {
	t.Parallel()
	files := []models.File{{Path: "game", Data: []byte("\x7fELF…")}, {Path: "game.pck", Data: []byte("GDPC")}}
	from := &models.Artifact{Title: "Fox", Format: models.FormatLinux}
	name, data, err := pack("zip", from, files)
	require.NoError(t, err)
	require.Equal(t, "fox.zip", name)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Equal(t, "-rwxr-xr-x", z.File[0].Mode().String())
	require.Zero(t, z.File[1].Mode()&0o111)
	_, _, err = pack("html", from, files)
	require.Equal(t, models.CodeNotPlayable, models.CodeOf(err))
}
