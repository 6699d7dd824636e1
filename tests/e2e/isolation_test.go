package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A game is untrusted code at the API's own address. It gets an opaque origin and no access to the API.
func TestGamesAreKeptApart(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	g := gameOf(t, d, "phaser", scenarios[0])
	play := g.preview.Output["play_url"].(string)

	t.Run("headers", func(t *testing.T) {
		stranger := client{url: d.url} // players have no key
		page := stranger.get(t, play).want(200)
		csp := page.header.Get("Content-Security-Policy")
		var sandbox string
		for directive := range strings.SplitSeq(csp, "; ") {
			if name, value, _ := strings.Cut(directive, " "); name == "sandbox" {
				sandbox = value
			}
		}
		require.Contains(t, sandbox, "allow-scripts")
		require.NotContains(t, sandbox, "allow-same-origin")
		require.Contains(t, csp, "default-src 'none'")
		require.Contains(t, csp, "connect-src 'self'")
		require.Contains(t, csp, "form-action 'none'")
		require.Equal(t, "nosniff", page.header.Get("X-Content-Type-Options"))
		require.NotEmpty(t, page.header.Get("Permissions-Policy"))
		require.Empty(t, page.header.Get("Set-Cookie"))
		stranger.get(t, strings.TrimSuffix(play, "/")+"/../../v1/projects").want(404)
		stranger.get(t, play+"no-such-file.js").want(404)
	})

	t.Run("browser", func(t *testing.T) {
		p := newPage(t)
		p.open(d.url + play)
		p.until(`window.__spark?.state === 'title'`)
		require.Equal(t, "null", evaluate[string](p, `self.origin`))
		require.Equal(t, "SecurityError", evaluate[string](p, `(() => { try { indexedDB.open('a'); return 'open'; } catch (e) { return e.name; } })()`))
		// What stands in for the browser's storage lasts as long as the page.
		const kept = `[localStorage.getItem('a'), sessionStorage.getItem('a'), document.cookie].join()`
		require.Equal(t, "b,b,a=b", evaluate[string](p, `(localStorage.setItem('a', 'b'), sessionStorage.setItem('a', 'b'), document.cookie = 'a=b', `+kept+`)`))
		p.open(d.url + play)
		p.until(`window.__spark?.state === 'title'`)
		require.Equal(t, ",,", evaluate[string](p, kept))
		p.clean()
		for _, target := range []string{
			`'/v1/projects', {credentials: 'include'}`,
			`'/v1/jobs', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"kind":"analytics"}'}`,
			`'/admin/queues', {credentials: 'include'}`,
			`'http://127.0.0.1:1/'`,
		} {
			require.Equal(t, "TypeError", evaluate[string](p, `fetch(`+target+`).then((r) => 'answered ' + r.status, (e) => e.name)`), target)
		}
		// Even a request that ignores the response carries no key.
		before := len(read[list[job]](d.get(t, "/v1/jobs?kind=analytics&limit=100").want(200)).Data)
		evaluate[string](p, `fetch('/v1/jobs', {method: 'POST', mode: 'no-cors', body: '{"kind":"analytics"}'}).then((r) => r.type, (e) => e.name)`)
		require.Len(t, read[list[job]](d.get(t, "/v1/jobs?kind=analytics&limit=100").want(200)).Data, before)
	})
}
