package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/cases"
	"github.com/spark-games/spark/tests/npm"
)

// Projects as people bring them play in every form, and each form of them says the same.
func TestCases(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	list, err := cases.Web()
	require.NoError(t, err)
	for _, c := range list {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			project := d.newCase(t, c)
			made := d.await(t, d.submit(t, project,
				step{"name": "preview", "kind": "build", "input": step{"mode": "preview"}},
				step{"name": "release", "kind": "build", "input": step{"mode": "release"}, "after": []string{}},
				step{"name": "zip", "kind": "export", "input": step{"format": "zip"}},
				step{"name": "html", "kind": "export", "input": step{"format": "html"}, "after": []string{"release"}}).ID, jobWithin)
			for _, j := range made.Jobs[:2] {
				told := fmt.Sprint(j.Error, j.Output["diagnostics"])
				for _, part := range c.Tells {
					require.Contains(t, told, part)
				}
				if c.Fails != "" {
					require.Equal(t, "failed", j.State)
					require.Contains(t, told, c.Fails)
				}
			}
			for i, form := range []string{"preview", "release", "zip", "html"} {
				if c.Fails != "" {
					break
				}
				t.Run(form, func(t *testing.T) {
					j := made.Jobs[i]
					if text, ok := c.Refused[form]; ok {
						require.Contains(t, fmt.Sprint(j.Error), text)
						return
					}
					require.Equal(t, "succeeded", j.State, "%+v", j.Error)
					want := c.Want
					if other, ok := c.Forms[form]; ok {
						want = other
					}
					p := newPage(t)
					p.open(d.served(t, form, j) + c.Page)
					require.Equal(t, want, evaluate[string](p, reported(want)), "%q", p.mistakes)
					p.clean(append(c.Complains, "/favicon.ico", "corp-not-same-origin")...) // the browser asks the host for an icon by itself
				})
			}
		})
	}
}

// reported is what the page says once it says what is wanted, or has had time to. Of an object the order of its fields is of no matter.
func reported(want string) string {
	return fmt.Sprintf(`new Promise((done) => {
	const until = Date.now() + 20_000;
	const plain = (text) => {
		try {
			return JSON.stringify(Object.entries(JSON.parse(text)).sort());
		} catch {
			return text;
		}
	};
	const tick = () => {
		const said = String(globalThis.__result);
		const same = plain(said) === plain(%[1]q);
		if (!same && Date.now() < until) return setTimeout(tick, 50);
		setTimeout(() => done(same ? %[1]q : said), 300);
	};
	tick();
})`, want)
}

// newCase makes the project of a case.
func (d *dev) newCase(t *testing.T, c cases.Case) string {
	t.Helper()
	body := map[string]any{"name": c.Name, "engine": c.Engine}
	if c.Version != "" {
		body["engine_version"] = c.Version
	}
	files := []map[string]string{}
	for _, f := range c.Files {
		files = append(files, map[string]string{"path": f.Path, "base64": base64.StdEncoding.EncodeToString(f.Data)})
	}
	for name, from := range c.Copy {
		cache, err := os.UserCacheDir()
		require.NoError(t, err)
		packages, err := npm.Install(t.Context(), filepath.Join(cache, "spark-npm"), os.DirFS("../../engines/phaser/npm/3"))
		require.NoError(t, err)
		data, err := os.ReadFile(filepath.Join(packages, "node_modules", from))
		require.NoError(t, err)
		files = append(files, map[string]string{"path": name, "base64": base64.StdEncoding.EncodeToString(data)})
	}
	p := read[project](d.do(t, http.MethodPost, "/v1/projects", body).want(http.StatusCreated))
	d.do(t, http.MethodPut, "/v1/projects/"+p.ID+"/files", map[string]any{"files": files}).want(http.StatusOK)
	return p.ID
}

// served is where a browser finds a form of a game.
func (d *dev) served(t *testing.T, form string, j job) string {
	t.Helper()
	switch form {
	case "html":
		file := filepath.Join(t.TempDir(), "a game.html")
		require.NoError(t, os.WriteFile(file, d.get(t, j.Output["download_url"].(string)).want(http.StatusOK).body, 0o600))
		return "file://" + file
	case "zip":
		root := t.TempDir()
		unzip(t, d.get(t, j.Output["download_url"].(string)).want(http.StatusOK).body, filepath.Join(root, "some", "sub", "path"))
		site := httptest.NewServer(http.FileServer(http.Dir(root)))
		t.Cleanup(site.Close)
		return site.URL + "/some/sub/path/"
	}
	return d.url + j.Output["play_url"].(string)
}
