package export

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/archive"
)

var game = []models.File{
	{Path: "index.html", Data: []byte(`<!doctype html><html><head><title>Fox</title><link rel="stylesheet" href="./assets/a.css">` +
		`<link rel="icon" href="fox.png"></head><body><script type="module" crossorigin src="./assets/game.js"></script></body></html>`)},
	{Path: "assets/game.js", Data: []byte(`console.log("</script><b>", fetch("levels/1.json"))`)},
	{Path: "assets/a.css", Data: []byte(`body{background:url(../icon.png)} i{background:url("https://example.com/x.png")}`)},
	{Path: "fox.png", Data: []byte("\x89FOX")},
	{Path: "icon.png", Data: []byte("\x89PNG")},
	{Path: "levels/1.json", Data: []byte(`{"name":"</script>"}`)},
	{Path: "assets/game.js.map", Data: []byte(`{}`)},
}

// stored puts a build of these files into a blob store of its own.
func stored(t testing.TB, format string, files ...models.File) *build {
	t.Helper()
	blobs, err := blob.Open(t.TempDir(), func(string, error) {})
	require.NoError(t, err)
	b := &build{blobs: blobs, artifact: &models.Artifact{Title: "Fox", Format: format}}
	for _, f := range files {
		sum, size, err := blobs.Put(t.Context(), bytes.NewReader(f.Data), int64(len(f.Data)))
		require.NoError(t, err)
		b.artifact.Manifest = append(b.artifact.Manifest, models.ManifestEntry{Path: f.Path, SHA256: sum, Size: size})
	}
	return b
}

// singlePage is the page of these files.
func singlePage(t *testing.T, files ...models.File) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, writePage(t.Context(), &out, stored(t, models.FormatWeb, files...)))
	return out.String()
}

func TestZipIsReproducibleAndWhole(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	b := stored(t, models.FormatWeb, game...)
	require.NoError(t, archive.Write(t.Context(), &first, b.artifact.Manifest, b.open))
	slices.Reverse(b.artifact.Manifest)
	require.NoError(t, archive.Write(t.Context(), &second, b.artifact.Manifest, b.open))
	require.Equal(t, first.Bytes(), second.Bytes())
	r, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
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
	s := singlePage(t, game...)
	require.Equal(t, s, singlePage(t, game...))
	require.NotContains(t, s, `src="./assets/game.js"`)
	require.NotContains(t, s, `href="./assets/a.css"`)
	require.Contains(t, s, `console.log("<\/script><b>"`, "code cannot end its element")
	require.Contains(t, s, `url("data:image/png;base64,iVBORw==")`)
	require.Contains(t, s, `<link rel="icon" href="data:image/png;base64,iUZPWA==">`)
	require.Contains(t, s, `https://example.com/x.png`)
	require.Contains(t, s, `["levels/1.json","data:application/json;base64,`)
	require.NotContains(t, s, "game.js.map")
	require.NotContains(t, s, "piece-")
	require.Less(t, strings.Index(s, "levels/1.json"), strings.Index(s, "<title>"), "the loader runs before the game")
	require.Equal(t, 3, strings.Count(strings.ToLower(s), "</script>")+strings.Count(s, "</style>"))
}

func TestSinglePageWithoutLooseFilesHasNoLoader(t *testing.T) {
	t.Parallel()
	require.NotContains(t, singlePage(t, game[:5]...), "XMLHttpRequest")
}

// A file that several places name is in the page once, whatever the places are.
func TestSinglePageHasEachFileOnce(t *testing.T) {
	t.Parallel()
	s := singlePage(t,
		models.File{Path: "index.html", Data: []byte(`<html><head><link rel="stylesheet" href="a.css"><style>b{background:url(x.png)}</style>` +
			`<link rel="modulepreload" href="m.js"><link rel="preload" href="m.js"><link rel="prefetch" href="m.js"></head>` +
			`<body><img src="x.png"><img src="/x.png"><video poster="x.png" src="y.webm"></video>` +
			`<script type="module" src="m.js"></script><script type="module" src="./m.js"></script></body></html>`)},
		models.File{Path: "a.css", Data: []byte("a{background:url('x.png') , url(y.webm)} </STYLE><script>alert(1)</script>")},
		models.File{Path: "x.png", Data: []byte("\x89PNG")},
		models.File{Path: "y.webm", Data: []byte("webm")},
		models.File{Path: "m.js", Data: []byte(`console.log("m")`)})
	require.Equal(t, 1, strings.Count(s, "iVBORw=="), s)
	require.Equal(t, 1, strings.Count(s, "d2VibQ=="), s)
	require.Equal(t, 1, strings.Count(s, `console.log("m")`), "a module runs once")
	require.NotContains(t, s, "data:text/javascript", "what is loaded ahead is in the page")
	require.Equal(t, 2, strings.Count(s, `<img data-spark-src="[&#34;&#34;,&#34;x.png&#34;,&#34;&#34;]">`))
	require.Contains(t, s, `<video data-spark-poster="[&#34;&#34;,&#34;x.png&#34;,&#34;&#34;]" data-spark-src=`)
	require.Contains(t, s, `sparkStyle(["a{background:url(\"","x.png","\") , url(\"","y.webm","\")} \u003c/STYLE`)
	require.Contains(t, s, `sparkStyle(["b{background:url(\"","x.png","\")}"],{})`)
}

func TestStyleCannotEndItsElement(t *testing.T) {
	t.Parallel()
	s := singlePage(t, models.File{Path: "index.html", Data: []byte(`<link rel="stylesheet" href="a.css">`)},
		models.File{Path: "a.css", Data: []byte("a{} </STYLE><script>alert(1)")})
	require.Equal(t, "<style>\na{} <\\/STYLE><script>alert(1)\n</style>", s)
}

// A script that mentions markup does not swallow the rest of the page: a module has it in strings, and a classic script, which
// may have it as a comment, is not inlined.
func TestScriptCannotOpenAComment(t *testing.T) {
	t.Parallel()
	code := `show("<!--", "<SCRIPT>", "</SCRIPT>")`
	s := singlePage(t, models.File{Path: "index.html", Data: []byte(`<script type="module" src="a.js"></script><script src="b.js"></script><script src="c.js"></script>`)},
		models.File{Path: "a.js", Data: []byte(code)},
		models.File{Path: "b.js", Data: []byte("\n<!-- hide\nshow(1)\n//-->")},
		models.File{Path: "c.js", Data: []byte("show(2)")})
	require.Contains(t, s, `show("\x3C!--", "<SCRIPT>", "<\/SCRIPT>")`)
	require.Contains(t, s, `<script src="data:text/javascript;charset=utf-8;base64,CjwhLS0gaGlkZQpzaG93KDEpCi8vLS0+"></script><script>`+"\nshow(2)\n</script>")
	require.NotContains(t, s, "<!--")
}

// A deferred script stays one, so that it runs after parsing and in its turn among modules.
func TestDeferredScriptsStayDeferred(t *testing.T) {
	t.Parallel()
	s := singlePage(t, models.File{Path: "index.html", Data: []byte(`<script DEFER src="a.js" integrity="x"></script><script async src="b.js"></script>`)},
		models.File{Path: "a.js", Data: []byte(`a`)}, models.File{Path: "b.js", Data: []byte(`b`)})
	require.Equal(t, `<script defer="" src="data:text/javascript;charset=utf-8;base64,YQ=="></script>`+
		`<script defer="" src="data:text/javascript;charset=utf-8;base64,Yg=="></script>`, s)
}

// A panic while packing fails the job, not the worker.
func TestPanicWhilePackingIsAnError(t *testing.T) {
	t.Parallel()
	b := stored(t, models.FormatWeb, game...)
	_, err := store(t.Context(), b.blobs, "x.html", 1000, func(context.Context, io.Writer) error { panic("a bug") })
	require.Equal(t, models.CodePanic, models.CodeOf(err))
	require.ErrorContains(t, err, "a bug")
}

func TestPackNeedsAPage(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"zip", "html"} {
		_, err := pack(t.Context(), format, stored(t, models.FormatWeb, game[1:]...))
		require.Equal(t, models.CodeInvalidOutput, models.CodeOf(err))
	}
	b := stored(t, models.FormatWeb, game...)
	b.artifact.Title = "  Fox & Stars: Ünder the Sea!! "
	e, err := pack(t.Context(), "zip", b)
	require.NoError(t, err)
	require.Equal(t, "fox-stars-nder-the-sea.zip", e.Path)
	require.Equal(t, "application/zip", e.MediaType)
	_, err = pack(t.Context(), "exe", b)
	require.Equal(t, models.CodeInvalidRequest, models.CodeOf(err))
}

// A game that is a program is zipped with the right to run it, and no page is made of it.
func TestPackAProgram(t *testing.T) {
	t.Parallel()
	b := stored(t, models.FormatLinux, models.File{Path: "game", Data: []byte("\x7fELF…")}, models.File{Path: "game.pck", Data: []byte("GDPC")})
	e, err := pack(t.Context(), "zip", b)
	require.NoError(t, err)
	in, err := b.blobs.Open(t.Context(), e.SHA256)
	require.NoError(t, err)
	defer in.Close()
	data, err := io.ReadAll(in)
	require.NoError(t, err)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Equal(t, "-rwxr-xr-x", z.File[0].Mode().String())
	require.Zero(t, z.File[1].Mode()&0o111)
	_, err = pack(t.Context(), "html", b)
	require.Equal(t, models.CodeNotPlayable, models.CodeOf(err))
}

// big is a page that names a file of 8 MiB so many times, in markup and in styles.
func big(times int) []models.File {
	return []models.File{
		{Path: "index.html", Data: []byte(`<html><head><link rel="stylesheet" href="a.css"></head><body>` + strings.Repeat(`<img src="big.png">`, times) + `</body></html>`)},
		{Path: "a.css", Data: []byte(strings.Repeat("a{background:url(big.png)}\n", times))},
		{Path: "big.png", Data: bytes.Repeat([]byte("spark!"), models.MaxProjectFileBytes/6)},
	}
}

// However often a large file is named, the page has it once, and making it takes about as much memory as index.html has references.
func TestManyReferencesToALargeFile(t *testing.T) { //nolint:paralleltest // it counts what is allocated
	const times = 5000
	b := stored(t, models.FormatWeb, big(times)...)
	allocated := func(format string) (models.ManifestEntry, uint64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		e, err := pack(t.Context(), format, b)
		require.NoError(t, err)
		runtime.ReadMemStats(&after)
		return e, after.TotalAlloc - before.TotalAlloc
	}
	page, took := allocated("html")
	require.Less(t, page.Size, int64(models.MaxProjectFileBytes*3/2))
	require.Less(t, took, uint64(8*models.MaxProjectFileBytes), "allocated in all, not at once, for 10,000 references")
	_, took = allocated("zip")
	require.Less(t, took, uint64(models.MaxProjectFileBytes))
}

// What cannot be in the page once, a script that runs several times, makes no page without a bound.
func TestPageIsBounded(t *testing.T) {
	t.Parallel()
	b := stored(t, models.FormatWeb,
		models.File{Path: "index.html", Data: []byte(strings.Repeat(`<script src="big.js"></script>`, 1000))},
		models.File{Path: "big.js", Data: bytes.Repeat([]byte("spark;"), models.MaxProjectFileBytes/6)})
	_, err := store(t.Context(), b.blobs, "x.html", 20<<20, func(ctx context.Context, w io.Writer) error { return writePage(ctx, w, b) })
	require.Equal(t, models.CodeExportTooLarge, models.CodeOf(err))
}

// An index.html may have 1 MiB; how much it grows as it is put together does not count.
func TestIndexIsBoundedBeforeItGrows(t *testing.T) {
	t.Parallel()
	files := func(size int) []models.File {
		index := `<head><title>x</title></head>` + strings.Repeat(`<img src="a.png">`, 100)
		return []models.File{{Path: "index.html", Data: []byte(index + strings.Repeat(" ", size-len(index)))}, {Path: "a.png", Data: []byte("1")}}
	}
	s := singlePage(t, files(1<<20)...)
	require.Equal(t, 100, strings.Count(s, "<img data-spark-src"))
	require.Less(t, strings.Index(s, "const files"), strings.Index(s, "<title>"))
	err := writePage(t.Context(), io.Discard, stored(t, models.FormatWeb, files(1<<20+1)...))
	require.Equal(t, models.CodeExportTooLarge, models.CodeOf(err))
	require.ErrorContains(t, err, "export the game as a zip")
}

// What answers for the page's files is there before anything that may ask for them, also in a page without a head.
func TestLoaderComesFirst(t *testing.T) {
	t.Parallel()
	for _, index := range []string{
		`<script src="a.js"></script><p>p</p>`, `<html><link rel="stylesheet" href="a.css"><p>`, `<base href="./"><script>fetch("x.json")</script>`,
		`<html><head data-x=1><script src="a.js"></script></head>`, `text`,
	} {
		s := singlePage(t, models.File{Path: "index.html", Data: []byte(index)}, models.File{Path: "a.js", Data: []byte("asks()")},
			models.File{Path: "a.css", Data: []byte("a{}")}, models.File{Path: "x.json", Data: []byte("1")})
		before, _, found := strings.Cut(s, "// This page carries")
		require.True(t, found)
		require.NotContains(t, strings.TrimSuffix(before, "<script>\n"), "<script", index)
		require.NotContains(t, before, "<style", index)
	}
}

func TestPackingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"html", "zip"} {
		b := stored(t, models.FormatWeb, big(3)...)
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("cancelled within " + format)
		n := 0
		b.blobs = opening{b.blobs, func() {
			if n++; n == 2 {
				cancel(stop)
			}
		}}
		_, err := pack(ctx, format, b)
		require.ErrorIs(t, err, stop, fmt.Sprint(err))
	}
}

// opening tells of each blob that is opened.
type opening struct {
	blobs
	opened func()
}

type blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (string, int64, error)
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

func (o opening) Open(ctx context.Context, sum string) (io.ReadSeekCloser, error) {
	o.opened()
	return o.blobs.Open(context.WithoutCancel(ctx), sum)
}

// What cannot be one page is refused with the file and the reason, and nothing else is.
func TestWhatIsNotOnePageIsRefused(t *testing.T) {
	t.Parallel()
	const module = `<script type="module" src="a.js"></script>`
	for name, tt := range map[string]struct {
		index string
		files []string // paths and contents
		says  string
	}{
		"base elsewhere":   {`<base href="https://example.com/">`, nil, `index.html sets the address "https://example.com/" for all others (<base>, line 1)`},
		"base in a folder": {"\n" + `<base href="assets/">`, nil, `"assets/" for all others (<base>, line 2)`},
		"base here":        {`<base href="./"><base target="_blank"><base href="">`, nil, ""},
		"another page":     {`<iframe src="menu.html">`, []string{"menu.html", `<script src="menu.js"></script>`, "menu.js", "1"}, "index.html leads to another page, menu.html, which needs menu.js"},
		"a link to a page": {`<a href="help/a.html">`, []string{"help/a.html", `<img src="../x.png">`, "x.png", "1"}, "help/a.html, which needs x.png"},
		"a lone page":      {`<a href="help.html">`, []string{"help.html", `<p>help</p><a href="index.html">back</a>`}, ""},
		"itself":           {`<a href="index.html">`, nil, ""},
		"a cycle":          {`<script type="module">import "./a.js"</script>`, []string{"a.js", `import "./b.js"`, "b.js", `export * from "./a.js"`}, "b.js imports a.js, which is loaded before it"},
		"the page's own":   {module, []string{"a.js", `import "./b.js"`, "b.js", `import "./a.js"`}, "imports a"},
		"the same twice":   {module, []string{"a.js", `import "./b.js"; import "./c.js"`, "b.js", `import "./d.js"`, "c.js", `import "./d.js"`, "d.js", ""}, ""},
		"style cycle":      {`<link rel="stylesheet" href="a.css">`, []string{"a.css", `@import "b.css"`, "b.css", `@import "a.css"`}, ""},
		"scopes":           {`<script type="importmap">{"scopes":{"/x/":{"a":"b"}}}</script>`, nil, "the import map of index.html (line 1) has scopes"},
		"a folder":         {`<script type="importmap">{"imports":{"lib/":"./lib/"}}</script>`, nil, `names a folder, "./lib/"`},
		"part of a file":   {`<svg><use href="icons.svg#a"/></svg>`, []string{"icons.svg", "<svg/>"}, "a part of icons.svg"},
		"part of the page": {`<svg><use href="#a"/></svg>`, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := []models.File{{Path: "index.html", Data: []byte(tt.index)}}
			for i := 0; i < len(tt.files); i += 2 {
				files = append(files, models.File{Path: tt.files[i], Data: []byte(tt.files[i+1])})
			}
			err := writePage(t.Context(), io.Discard, stored(t, models.FormatWeb, files...))
			if tt.says == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, models.CodeNotPlayable, models.CodeOf(err), "%v", err)
			require.Equal(t, "/format", models.AsError(err).Pointer)
			require.Contains(t, models.AsError(err).Message, tt.says)
			require.Contains(t, models.AsError(err).Message, "export it as a zip")
		})
	}
}

// An import map of the page's own leads to what is in the page.
func TestImportMapOfThePage(t *testing.T) {
	t.Parallel()
	index := `<script type="importmap">{"imports":{"three":"./lib/three.js","far":"https://example.com/x.js"}}</script><script type="module">import "three"</script>`
	s := singlePage(t, models.File{Path: "index.html", Data: []byte(index)}, models.File{Path: "lib/three.js", Data: []byte("1")})
	require.Contains(t, s, `{"far":"https://example.com/x.js","three":"./lib/three.js"}`)
	require.NotContains(t, s, `type="importmap"`)
	require.Contains(t, singlePage(t, models.File{Path: "index.html", Data: []byte(strings.ReplaceAll(index, "./lib/three.js", "https://example.com/three.js"))}), `type="importmap"`)
}
