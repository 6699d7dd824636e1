package export

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// dot is a picture of 4 by 4.
const dot = `<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4" fill="red"/></svg>`

// sharedCode sees what became of the files that several places of the page name.
const sharedCode = `const seen = {};
addEventListener("load", async () => {
  seen.images = [...document.images].map((i) => i.complete && i.naturalWidth).join();
  seen.icon = document.querySelector("link[rel=icon]").href.split(":")[0];
  seen.background = getComputedStyle(document.querySelector("p")).backgroundImage.slice(0, 9);
  seen.order = getComputedStyle(document.querySelector("b")).color;
  const shown = new Image();
  shown.src = getComputedStyle(document.querySelector("p")).backgroundImage.slice(5, -2);
  await shown.decode();
  seen.decoded = shown.naturalWidth;
  const asked = new Image();
  asked.src = "dot.svg";
  await asked.decode();
  seen.asked = asked.naturalWidth;
  seen.level = await (await fetch("level.json")).json();
  document.title = JSON.stringify(seen);
});`

// A page whose files are each in it once shows them wherever they are named, from a disk.
func TestSharedFilesInBrowser(t *testing.T) {
	t.Parallel()
	title := played(t,
		models.File{Path: "index.html", Data: []byte(`<!doctype html><html><head><title>loading</title><link rel="icon" href="dot.svg">` +
			`<style>b{color:rgb(1, 1, 1)}</style><link rel="stylesheet" href="css/a.css"><style>b{color:rgb(3, 3, 3)} i{background:url(dot.svg)}</style></head>` +
			`<body><p>p</p><b>b</b><img src="dot.svg"><p>two</p><img src="dot.svg"><img src="once.svg"><script src="main.js"></script></body></html>`)},
		models.File{Path: "css/a.css", Data: []byte(`p{background:url("../dot.svg")} b{color:rgb(2, 2, 2)}`)},
		models.File{Path: "dot.svg", Data: []byte(dot)},
		models.File{Path: "once.svg", Data: []byte(strings.ReplaceAll(dot, "red", "blue"))},
		models.File{Path: "level.json", Data: []byte(`3`)},
		models.File{Path: "main.js", Data: []byte(sharedCode)})
	require.JSONEq(t, `{"images":"4,4,4","icon":"blob","background":"url(\"blob","order":"rgb(3, 3, 3)","decoded":4,"asked":4,"level":3}`, title)
}

// A page's scripts run when they would have run from their files, whatever is in them.
func TestScriptsInBrowser(t *testing.T) {
	t.Parallel()
	title := played(t,
		models.File{Path: "index.html", Data: []byte(`<!doctype html><html><head><title>loading</title><script>window.seen = []</script>` +
			`<script type="module" src="m.js"></script><script defer src="d.js"></script><script src="now.js"></script>` +
			`<script defer src="last.js"></script></head><body><p id="p">p</p><script>seen.push("body")</script></body></html>`)},
		models.File{Path: "m.js", Data: []byte(`seen.push("module " + document.getElementById("p").id)`)},
		models.File{Path: "d.js", Data: []byte(`seen.push("deferred " + document.getElementById("p").id)`)},
		models.File{Path: "now.js", Data: []byte(`seen.push("<!--".length + " <script" + " </script>".length + document.getElementById("p"))`)},
		models.File{Path: "last.js", Data: []byte(`document.title = JSON.stringify(seen)`)})
	require.JSONEq(t, `["4 <script10null","body","module p","deferred p"]`, title)
}

// played is the title that the page of these files gives itself, JSON, when it is opened from a disk.
func played(t *testing.T, files ...models.File) string {
	t.Helper()
	browser := testenv.Chromium(t)
	file := filepath.Join(t.TempDir(), "a game.html")
	require.NoError(t, os.WriteFile(file, []byte(singlePage(t, files...)), 0o600))

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox,
		chromedp.Flag("disable-component-update", true))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(alloc)
	defer cancel()
	ctx, timeout := context.WithTimeout(ctx, time.Minute)
	defer timeout()
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("file://"+strings.ReplaceAll(file, " ", "%20"))))
	title, err := chromedp.Run(ctx, chromedp.Poll[string](`/^[{[]/.test(document.title) && document.title`))
	require.NoError(t, err)
	if err := chromedp.Cancel(ctx); err != nil {
		t.Logf("the browser ended with %v", err)
	}
	return title
}
