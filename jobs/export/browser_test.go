package export

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

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

// everyWay names a picture in every way that markup, styles and code can before it is drawn.
const everyWay = `<!doctype html><html style="background-image:url(p/html.svg)"><head><base href="./"><title>loading</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline'">
<link rel="preload" as="image" href="p/a.svg" imagesrcset="p/a.svg 1x, p/b.svg 2x"><link rel="modulepreload" href="m/late.js">
<link rel="preload" as="style" href="late.css" onload="this.rel='stylesheet'"><link rel="icon" href="p/icon.svg">
<link rel="stylesheet" href="css/main.css"><link rel="stylesheet" media="print" href="print.css">
<style>@import "css/more.css" screen; #s { background-image: image-set("p/set.svg" 1x, url('p/a.svg') 2x) } /* url(p/none.svg) */</style></head>
<body background="p/body.svg"><p id="s">s</p><p id="i">i</p><p id="m">m</p><p id="l">l</p><p id="st" style="background:url(&quot;p/style.svg&quot;)">st</p>
<img id="set" srcset="p/a.svg, p/b.svg 2x"><picture><source srcset="p/once.svg 1x"><img id="pic" src="p/b.svg"></picture>
<video id="v" poster="p/a.svg"></video><audio id="au"><source src="s.wav" type="audio/wav"></audio>
<svg width="4" height="4"><image id="si" xlink:href="p/a.svg" width="4" height="4"/></svg><a id="link" href="credits.html">credits</a>
<iframe id="frame" src="credits.html"></iframe>
<script>
<!-- hidden from browsers of old
window.seen = {inline: "</scr" + "ipt>".length};
</script><script src="legacy.js"></script><script type="module" src="m/main.js"></script></body></html>`

const everyWayCode = `import {square} from "./lib/square.js";
import * as strings from './strings.js';
const seen = window.seen;
const loaded = (element) => new Promise((good, bad) => { element.onload = good; element.onerror = () => bad(new Error("not loaded: " + element.outerHTML.slice(0, 200))); });
const width = (address) => { const i = new Image(); const l = loaded(i); i.src = address; return l.then(() => i.naturalWidth); };
const background = (element) => width(getComputedStyle(element).backgroundImage.match(/url\("([^"]+)"\)/)[1]);
const work = (worker, what) => new Promise((good, bad) => { worker.onmessage = (e) => good(e.data); worker.onerror = (e) => bad(new Error("worker: " + e.message)); worker.postMessage(what); });
const by = (id) => document.getElementById(id);
const ways = {
  square: () => square(3), strings: () => strings.default.length,
  late: async () => (await import("./late.js")).late, computed: async () => (await import("./m/" + "late.js".slice(0))).late,
  meta: () => width(new URL("../p/meta.svg", import.meta.url)), metaHref: async () => (await fetch(new URL("../data/level.json", import.meta.url).href)).json(),
  fetch: async () => (await fetch("data/level.json?v=1#x")).json(), rooted: async () => (await fetch("/data/level.json")).json(),
  request: async () => (await fetch(new Request("data/level.json"))).json(),
  xhr: () => new Promise((good) => { const x = new XMLHttpRequest(); x.open("GET", "./data/level.json"); x.onload = () => good(x.responseText); x.send(); }),
  image: () => width("p/a.svg"), reference: () => width(new URL("p/a.svg", document.baseURI)),
  setAttribute: () => { const i = document.createElement("img"); const l = loaded(i); i.setAttribute("src", "p/a.svg"); return l.then(() => i.naturalWidth); },
  setSrcset: () => { const i = document.createElement("img"); const l = loaded(i); i.srcset = "p/a.svg, p/b.svg 2x"; return l.then(() => i.naturalWidth); },
  audio: () => new Promise((good, bad) => { const a = new Audio("s.wav"); a.oncanplaythrough = () => good(a instanceof HTMLAudioElement); a.onerror = () => bad(new Error("audio")); a.load(); }),
  source: () => new Promise((good, bad) => { const a = by("au"); if (a.readyState >= 1) good(1); a.onloadedmetadata = () => good(1); a.querySelector("source").onerror = () => bad(new Error("source")); a.load(); }),
  font: () => new FontFace("f", "url(f.ttf)").load().then(() => 1),
  innerHTML: () => { const d = document.createElement("div"); d.innerHTML = "<i>1</i><img src='p/a.svg'>"; document.body.append(d); return d.lastChild.decode().then(() => 1); },
  adjacent: () => { by("s").insertAdjacentHTML("beforeend", "<img src=p/b.svg>"); return by("s").lastChild.decode().then(() => 1); },
  cssText: () => { const d = document.createElement("div"); d.style.cssText = "background:url(p/a.svg)"; document.body.append(d); return Promise.resolve().then(() => background(d)); },
  property: () => { const d = by("i"); d.style.backgroundImage = "url('p/b.svg')"; return Promise.resolve().then(() => background(d)); },
  rule: () => { document.styleSheets[0].insertRule("#m { background: url(p/rule.svg) }", 0); return background(by("m")); },
  styleElement: () => { const s = document.createElement("style"); s.textContent = "#l { background: url(p/injected.svg) }"; document.head.append(s); return Promise.resolve().then(() => background(by("l"))); },
  script: () => { const s = document.createElement("script"); const l = loaded(s); s.src = "plugin.js"; document.head.append(s); return l.then(() => window.plugin); },
  sheet: () => { const s = document.createElement("link"); const l = loaded(s); s.rel = "stylesheet"; s.href = "css/dynamic.css"; document.head.append(s); return l.then(() => background(document.querySelector("a"))); },
  worker: () => work(new Worker("w/classic.js"), 4), workerModule: () => work(new Worker(new URL("../w/module.js", import.meta.url), {type: "module"}), 5),
  backgrounds: async () => { const all = []; for (const e of [document.documentElement, document.body, by("s"), by("st"), document.querySelector("h1") ?? by("s")]) all.push(await background(e)); return all.join(); },
  imported: () => getComputedStyle(by("s")).getPropertyValue("--more").trim() + getComputedStyle(by("s")).getPropertyValue("--deep").trim(),
  print: () => getComputedStyle(by("s")).color, lateSheet: () => getComputedStyle(by("i")).color,
  markup: () => Promise.all([by("set").decode(), by("pic").decode()]).then(() => [by("set").naturalWidth, by("pic").naturalWidth, by("v").poster.split(":")[0], by("si").href.baseVal.split(":")[0]].join()),
  pages: () => by("link").href.split(":")[0] + by("frame").src.split(":")[0],
  released: () => { URL.revokeObjectURL(by("link").href); return fetch(by("link").href).then((r) => r.ok); },
};
for (const [name, way] of Object.entries(ways)) {
  seen[name] = await Promise.race([Promise.resolve().then(way).catch((e) => "failed: " + e), new Promise((r) => setTimeout(r, 120000, "no answer"))]);
}
document.title = JSON.stringify(seen);`

// Whatever way a game names a file, the page answers from itself: nothing is asked of the disk or the network, and nothing fails.
func TestEveryWayToNameAFileInBrowser(t *testing.T) {
	t.Parallel()
	f := func(name, text string) models.File { return models.File{Path: name, Data: []byte(text)} }
	list := []models.File{
		f("index.html", everyWay), f("m/main.js", everyWayCode), f("m/late.js", `import {square} from "./lib/square.js"; export const late = square(2);`),
		f("m/lib/square.js", "import {one} from '../../shared.js'; export const square = (n) => n * n * one;"), f("shared.js", "export const one = 1;"),
		f("m/strings.js", `export default "</script><!--";`), f("legacy.js", "<!-- hidden\nwindow.seen.legacy = '</script>'.length;\n--> the end"),
		f("plugin.js", "window.plugin = 7;"), f("w/lib.js", "var twice = (n) => 2 * n;"),
		f("w/classic.js", `'use strict'; importScripts("w/lib.js"); onmessage = async (e) => postMessage(twice(e.data) + await (await fetch("data/level.json")).json());`),
		f("w/module.js", `import {square} from "../m/lib/square.js"; onmessage = async (e) => postMessage(square(e.data) + await (await fetch(new URL("../data/level.json", import.meta.url))).json());`),
		f("data/level.json", "3"), f("print.css", "#s { color: red }"), f("late.css", "#i { color: rgb(1, 2, 3) }"),
		f("css/main.css", `@import url(deep/deep.css); p { color: rgb(9, 9, 9) }`), f("css/deep/deep.css", `@import"../main.css";p { --deep: d; background: url(../../p/deep.svg) }`),
		f("css/more.css", `p { --more: m }`), f("css/dynamic.css", `@import "more.css"; a { background: u\72l( '../p/dynamic.svg' ) }`),
		f("credits.html", "<p>By us</p>"), {Path: "f.ttf", Data: goregular.TTF}, {Path: "s.wav", Data: silence()},
	}
	for name := range strings.FieldsSeq("html a b icon body set style once meta rule injected deep dynamic") {
		list = append(list, f("p/"+name+".svg", strings.ReplaceAll(dot, "red", "#"+name)))
	}
	require.JSONEq(t, `{"inline":"</scr4","legacy":9,"square":9,"strings":13,"late":4,"computed":4,"meta":4,"metaHref":3,"fetch":3,"rooted":3,"request":3,
		"xhr":"3","image":4,"reference":4,"setAttribute":4,"setSrcset":4,"audio":true,"source":1,"font":1,"innerHTML":1,"adjacent":1,"cssText":4,"property":4,
		"rule":4,"styleElement":4,"script":7,"sheet":4,"worker":11,"workerModule":28,"backgrounds":"4,4,4,4,4","imported":"md","print":"rgb(9, 9, 9)",
		"lateSheet":"rgb(1, 2, 3)","markup":"4,4,blob,blob","pages":"blobblob","released":true}`, played(t, list...))
}

// A module whose name has characters that addresses escape, or may escape, is found however an author or a program writes it.
func TestModuleNamesInBrowser(t *testing.T) {
	t.Parallel()
	f := func(name, text string) models.File { return models.File{Path: name, Data: []byte(text)} }
	title := played(t,
		f("index.html", `<!doctype html><html><head><title>loading</title><script type="module">import "./vendor/@x+y (1).js"; window.inPage = true</script>`+
			`<script type="module" src="main.js"></script></head><body></body></html>`),
		f("main.js", `import {one} from "./vendor/@x+y (1).js";
import {two} from './vendor/50%25 %23$&=;,~!%27[é].js';
const seen = {one, two, page: window.inPage};
const name = "50% #$&=;,~!'[é].js";
seen.author = (await import("./vendor/@x" + "+y (1).js")).one + (await import("./vendor/" + name.replace(/[%?#]/g, encodeURIComponent))).two;
seen.component = (await import("./vendor/" + encodeURIComponent("@x+y (1).js"))).one + (await import("./vendor/" + encodeURIComponent(name))).two;
document.title = JSON.stringify(seen);`),
		f("vendor/@x+y (1).js", "export const one = 1;"),
		f("vendor/50% #$&=;,~!'[é].js", "export const two = 2;"))
	require.JSONEq(t, `{"one":1,"two":2,"page":true,"author":3,"component":3}`, title)
}

// silence is a tenth of a second of sound.
func silence() []byte {
	const rate, size = 8000, 800
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), 36+size)
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(le.AppendUint16(b, 1), 1)
	b = le.AppendUint16(le.AppendUint16(le.AppendUint32(le.AppendUint32(b, rate), rate), 1), 8)
	return append(le.AppendUint32(append(b, "data"...), size), bytes.Repeat([]byte{128}, size)...)
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
	ctx, timeout := context.WithTimeout(ctx, 5*time.Minute) // only ends a test that hangs
	defer timeout()
	watch := &watcher{file: "file://" + strings.ReplaceAll(file, " ", "%20")}
	require.NoError(t, chromedp.Do(ctx))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	require.NoError(t, chromedp.Listen(ctx, watch.listen))
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(watch.file)))
	title, err := chromedp.Run(ctx, chromedp.Poll[string](`/^[{[]/.test(document.title) && document.title`, chromedp.WithPollingTimeout(0)))
	require.NoError(t, err)
	if err := chromedp.Cancel(ctx); err != nil {
		t.Logf("the browser ended with %v", err)
	}
	watch.mu.Lock()
	defer watch.mu.Unlock()
	require.Empty(t, watch.faults)
	return title
}

// watcher records what a page loads from elsewhere and what goes wrong on it.
type watcher struct {
	file   string
	mu     sync.Mutex
	faults []string
}

func (w *watcher) listen(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := ev.Request.URL; u != w.file && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
			w.faults = append(w.faults, "it asks for "+u)
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError || ev.Entry.Level == log.EntryLevelWarning {
			w.faults = append(w.faults, "it logs: "+ev.Entry.Text+" "+ev.Entry.URL[:min(len(ev.Entry.URL), 100)])
		}
	case *runtime.EventExceptionThrown:
		w.faults = append(w.faults, "it throws: "+ev.ExceptionDetails.Text)
	}
}
