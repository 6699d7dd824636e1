package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// filesCode loads files in the ways that games do and bundlers do not see.
const filesCode = `import {hero} from './art/list.js';
const seen = {};
const within = (p) => Promise.race([p.catch((e) => 'failed: ' + e), new Promise((r) => setTimeout(r, 80000, 'no answer'))]);
const element = (e, ok = 'load') => new Promise((good, bad) => { e.addEventListener(ok, () => good('ok')); e.addEventListener('error', () => bad('error')); });
const worker = new Worker(new URL('./terrain.worker.js', import.meta.url), {type: 'module'});
seen.worker = await within(new Promise((good, bad) => { worker.onmessage = (e) => good(e.data); worker.onerror = (e) => bad(e.message); worker.postMessage(6); }));
const image = new Image();
image.src = hero;
seen.hero = await within(image.decode().then(() => image.naturalWidth));
for (const f of ['assets/name-form.html', 'level1.json', 'shaders/glow.frag', 'assets/world.ldtk', 'assets/talk.yarn', 'plugins/shake.js']) {
  seen[f] = await within(fetch(f).then((r) => r.status));
}
const language = 'en';
seen.language = await within(fetch(` + "`locales/${language}.json`" + `).then((r) => r.json()).then((j) => j.hi));
const audio = new Audio('sfx/blip.wav');
seen.audio = await within((audio.load(), element(audio, 'canplaythrough')));
const set = document.createElement('img');
set.setAttribute('src', 'img/icon.svg');
seen.set = await within(element(set));
const made = document.createElement('div');
made.innerHTML = '<img src="img/icon.svg">';
document.body.append(made);
seen.made = await within(element(made.firstChild));
const plugin = document.createElement('script');
plugin.src = 'plugins/shake.js';
document.head.append(plugin);
seen.plugin = await within(element(plugin)) + window.shakePlugin;
document.title = JSON.stringify(seen);
`

// A game finds its files in a preview, in a release, in a zip below any address, and in one file on a disk.
func TestGameFindsItsFiles(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	picture := `<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><rect width="5" height="5" fill="red"/></svg>`
	var files []models.File
	for name, text := range map[string]string{
		"index.html": `<!doctype html><html><head><meta charset="utf-8"><base href="./"><link rel="icon" href="img/icon.svg"><title>loading</title><style>#hud { background: url(/img/panel.svg) }</style></head>` +
			`<body><div id="hud">hud</div><img srcset="/img/icon.svg, img/panel.svg 2x"><script type="module" src="src/main.js"></script></body></html>`,
		"src/main.js": filesCode, "src/art/list.js": "export const heroUrl = new URL('./hero.svg', import.meta.url).href; export {heroUrl as hero};", "src/art/hero.svg": picture,
		"src/terrain.worker.js": "import {square} from './maths.js'; self.onmessage = (e) => self.postMessage(square(e.data));", "src/maths.js": "export const square = (n) => n * n;",
		"assets/name-form.html": "<input>", "level1.json": "{}", "shaders/glow.frag": "void main(){}", "assets/world.ldtk": "{}", "assets/talk.yarn": "title", "locales/en.json": `{"hi":"Hi"}`,
		"plugins/shake.js": "window.shakePlugin = 1;", "img/icon.svg": picture, "img/panel.svg": picture, "sfx/blip.wav": silence,
	} {
		files = append(files, models.File{Path: name, Data: []byte(text)})
	}
	p := d.newProject(t, "Files", "phaser")
	d.fill(t, p.ID, files)
	done := func(kind string, input map[string]any) job {
		j := d.end(t, d.submitJob(t, p.ID, kind, input).ID, jobWithin)
		require.Equal(t, "succeeded", j.State, "%+v", j.Error)
		return j
	}
	preview, release := done("build", map[string]any{"mode": "preview"}), done("build", map[string]any{"mode": "release"})
	zip, html := done("export", map[string]any{"format": "zip"}), done("export", map[string]any{"format": "html"})
	root := t.TempDir()
	unzip(t, d.get(t, zip.Output["download_url"].(string)).want(200).body, filepath.Join(root, "some", "path"))
	site := httptest.NewServer(http.FileServer(http.Dir(root)))
	t.Cleanup(site.Close)
	file := filepath.Join(root, "a game.html")
	require.NoError(t, os.WriteFile(file, d.get(t, html.Output["download_url"].(string)).want(200).body, 0o600))
	for _, tt := range []struct{ name, address, from string }{
		{"preview", d.url + preview.Output["play_url"].(string), d.url + "/"},
		{"release", d.url + release.Output["play_url"].(string), d.url + "/"},
		{"zip", site.URL + "/some/path/", site.URL + "/some/path/"},
		{"one file", (&url.URL{Scheme: "file", Path: file}).String(), "file://"},
	} {
		t.Run(tt.name, func(t *testing.T) { //nolint:paralleltest // the site serves all
			page := newPage(t)
			page.open(tt.address)
			page.until(`document.title.startsWith('{')`)
			require.JSONEq(t, `{"worker":36,"hero":5,"assets/name-form.html":200,"level1.json":200,"shaders/glow.frag":200,"assets/world.ldtk":200,
				"assets/talk.yarn":200,"plugins/shake.js":200,"language":"Hi","audio":"ok","set":"ok","made":"ok","plugin":"ok1"}`, evaluate[string](page, "document.title"))
			page.clean()
			page.onlyFrom(tt.from)
		})
	}
}

// silence is a sound of one sample.
const silence = "RIFF\x25\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x01\x00\x00\x00\x80"
