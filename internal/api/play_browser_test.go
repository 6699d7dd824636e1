package api

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// A small game with everything that an opaque origin makes hard: modules, an import map, data and a worker.
const browserPage = `<!doctype html><title>loading</title>
<script type="importmap">{"imports":{"engine":"/engine-modules/SUM/phaser.js"}}</script>
<script type="module" src="js/main.js"></script>`

const browserCode = `import {name} from "engine";
const seen = {engine: name, origin: self.origin};
seen.level = (await (await fetch("data/level.json")).json()).level;
try { localStorage.setItem("a", "b"); seen.storage = "open"; } catch (e) { seen.storage = e.name; }
try { const r = await fetch("/v1/jobs", {credentials: "include"}); seen.api = r.type + r.status; } catch (e) { seen.api = e.name; }
try { const r = await fetch("/admin/queues", {method: "POST", mode: "no-cors", credentials: "include"}); seen.admin = r.type; } catch (e) { seen.admin = e.name; }
try { await fetch("http://127.0.0.1:1/"); seen.elsewhere = "open"; } catch (e) { seen.elsewhere = e.name; }
seen.worker = await new Promise((ok) => {
  const w = new Worker(URL.createObjectURL(new Blob(["postMessage('works')"])));
  w.onmessage = (m) => ok(m.data); w.onerror = () => ok("failed");
});
const c = document.createElement("canvas").getContext("2d");
const i = new Image(); i.src = "art/dot.svg"; await i.decode(); c.drawImage(i, 0, 0);
seen.wasm = (await WebAssembly.instantiate(new Uint8Array([0,97,115,109,1,0,0,0]))).instance ? "works" : "";
document.title = JSON.stringify(seen);`

func TestPlayInBrowser(t *testing.T) {
	t.Parallel()
	browser := testenv.Chromium(t)
	a := newTestAPI(t)
	sum := a.addModule("phaser.js", `export const name = "engine works";`)
	art := a.addArtifact(models.ArtifactBuild, "preview", "web", map[string]string{
		"index.html": strings.ReplaceAll(browserPage, "SUM", sum), "js/main.js": browserCode, "data/level.json": `{"level": 3}`,
		"art/dot.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>`})

	// The profile is in a folder of chromedp, which waits for the browser's helper processes: they keep writing for a moment
	// after the browser has ended.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox,
		chromedp.Flag("disable-component-update", true))
	if os.Getuid() != 0 {
		options = append(options, chromedp.Flag("no-sandbox", false))
	}
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(alloc)
	defer cancel()
	ctx, timeout := context.WithTimeout(ctx, time.Minute)
	defer timeout()
	if err := chromedp.Do(ctx, chromedp.Navigate(a.url+"/play/"+art.ID)); err != nil {
		t.Fatal(err)
	}
	title, err := chromedp.Run(ctx, chromedp.Poll[string](`document.title.startsWith("{") && document.title`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"engine":"engine works","origin":"null","level":3,"storage":"SecurityError","api":"TypeError",` +
		`"admin":"TypeError","elsewhere":"TypeError","worker":"works","wasm":"works"}`
	if title != want {
		t.Errorf("the game saw\n%s, want\n%s", title, want)
	}
	if err := chromedp.Cancel(ctx); err != nil {
		t.Logf("the browser ended with %v", err)
	}
}
