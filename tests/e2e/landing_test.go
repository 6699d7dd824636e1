package e2e

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var signInLine = regexp.MustCompile(`(http://\S+/#sign-in=\w+)`)

// The address that Spark prints is a page; the link beside it signs the browser in, once; a prompt there makes a game that is
// played in the page. The page never contains the key.
func TestLandingPage(t *testing.T) {
	t.Parallel()
	d := startDev(t, t.TempDir())
	link, err := d.find(d.stdout, signInLine, startWithin)
	require.NoError(t, err)

	p := newPage(t)
	p.open(d.url + "/")
	p.until(`!document.getElementById("signed-out").hidden`)
	require.True(t, evaluate[bool](p, `document.getElementById("maker").hidden`))
	require.Contains(t, evaluate[string](p, `document.getElementById("signed-out").textContent`), "spark sign-in")

	p.open(link)
	p.until(`!document.getElementById("maker").hidden`)
	require.Equal(t, d.url+"/", evaluate[string](p, `location.href`), "the secret is gone from the address")
	require.Empty(t, evaluate[string](p, `document.cookie`), "no script sees the session")
	require.Contains(t, evaluate[string](p, `document.getElementById("engines").textContent`), "Phaser")
	require.True(t, evaluate[bool](p, `(document.getElementById("prompt").value = "`+scenarios[0].prompt+`", document.getElementById("form").requestSubmit(), true)`))
	p.until(`!document.getElementById("game").hidden || !document.getElementById("problem").hidden`)
	require.Empty(t, evaluate[string](p, `document.getElementById("problem").textContent`))
	play := evaluate[string](p, `document.getElementById("frame").src`)
	require.Regexp(t, `^`+d.url+`/play/[0-9a-f-]+/$`, play)
	require.Equal(t, play, evaluate[string](p, `document.getElementById("play").href`))
	require.Contains(t, strings.ToLower(evaluate[string](p, `document.getElementById("title").textContent`)), "fox")
	p.until(`document.activeElement === document.getElementById("title")`)
	require.NotContains(t, evaluate[string](p, `document.documentElement.outerHTML`), d.key)
	p.clean()
	p.onlyFrom(d.url)
	require.Len(t, read[list[project]](d.get(t, "/v1/projects").want(200)).Data, 1)

	q := newPage(t)
	q.open(link)
	q.until(`document.getElementById("sign-in-problem").textContent.includes("used already")`)
	require.True(t, evaluate[bool](q, `document.getElementById("maker").hidden`))
	s := start(t, "spark", []string{"sign-in", "--server", d.url, "--key", d.key}, nil)
	require.Equal(t, 0, s.exit(t, startWithin), s.said())
	q.open("about:blank")
	q.open(strings.TrimSpace(s.printed(t)))
	q.until(`!document.getElementById("maker").hidden`)
	require.True(t, evaluate[bool](q, `(document.getElementById("sign-out").click(), true)`))
	q.until(`!document.getElementById("signed-out").hidden`)

	p.open(play)
	p.play(scenarios[0], starts[0].do)
}
