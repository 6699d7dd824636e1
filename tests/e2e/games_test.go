package e2e

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// scenario is one prompt of the tests, and how the player moves in its genre.
type scenario struct {
	name, prompt string
	move         key
	axis         string
}

// One scenario for each genre, in four different worlds.
var scenarios = []scenario{
	{"platformer", "a neon platformer about a fox who collects stars", arrowRight, "x"},
	{"shooter", "a space shooter with a rocket that fights aliens", arrowRight, "x"},
	{"runner", "an endless runner about a penguin in the snow", space, "y"},
	{"puzzle", "a match puzzle about candy and hearts", arrowRight, "x"},
}

// engineNames are two engines of different kinds, for tests that are not about engines.
var engineNames = []string{"phaser", "three"}

// webEngines are all engines that make browser games, as the platform lists them: "three", and with the version if it is not the
// default, "phaser@3.90.0".
func webEngines(t *testing.T, d *dev) (names []string) {
	t.Helper()
	type engine struct {
		Name, Version string
		Default       bool
		Outputs       []string
		Available     bool
		Reason        string
	}
	var all []engine
	waitFor(t, jobWithin, "every engine is available", func() (any, bool) {
		all = read[list[engine]](d.get(t, "/v1/engines").want(200)).Data
		return all, !slices.ContainsFunc(all, func(e engine) bool { return !e.Available })
	})
	for _, e := range all {
		if !slices.Contains(e.Outputs, "web") {
			continue
		}
		if !e.Default {
			e.Name += "@" + e.Version
		}
		names = append(names, e.Name)
	}
	require.Subset(t, names, []string{"babylon", "ebitengine", "kaplay", "love", "phaser", "phaser@3.90.0", "pixi", "playcanvas", "three"})
	return names
}

// starts are the ways to start a game.
var starts = []struct {
	name string
	do   func(*page)
}{
	{"Enter", func(p *page) { p.tap(enter) }},
	{"click", func(p *page) { p.click() }},
	{"Space", func(p *page) { p.tap(space) }},
}

// game is what a pipeline made for a scenario.
type game struct {
	projectID                   string
	preview, release, zip, html job
}

type gameKey struct{ platform, engine, scenario string }

// games makes each game once for all tests.
var games struct {
	mu   sync.Mutex
	made map[gameKey]game
}

// gameOf makes a game in every form, with one pipeline: both builds from one generation, both exports from the release.
func gameOf(t *testing.T, d *dev, engine string, w scenario) game {
	t.Helper()
	games.mu.Lock()
	defer games.mu.Unlock()
	at := gameKey{d.url, engine, w.name}
	if g, ok := games.made[at]; ok {
		return g
	}
	project := d.newProject(t, w.name, engine)
	p := d.submit(t, project.ID,
		step{"kind": "generation", "input": step{"prompt": w.prompt, "seed": 7}},
		step{"name": "preview", "kind": "build", "input": step{"mode": "preview"}},
		step{"name": "release", "kind": "build", "input": step{"mode": "release"}, "after": []string{"generation"}},
		step{"name": "zip", "kind": "export", "input": step{"format": "zip"}},
		step{"name": "html", "kind": "export", "input": step{"format": "html"}, "after": []string{"release"}})
	p = d.await(t, p.ID, jobWithin).succeed(t)
	g := game{project.ID, p.Jobs[1], p.Jobs[2], p.Jobs[3], p.Jobs[4]}
	if games.made == nil {
		games.made = map[gameKey]game{}
	}
	games.made[at] = g
	return g
}

// With every engine, a prompt becomes a game that is built in containers and can be played in a browser: it draws its title,
// starts, and the player moves. Each engine makes half of its games as previews.
func TestGames(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	turn := 0
	for n, engine := range webEngines(t, d) {
		t.Run(engine, func(t *testing.T) {
			var mu sync.Mutex
			seen := map[string]picture{}
			t.Run("each", func(t *testing.T) {
				for i, w := range scenarios {
					mode, start := []string{"preview", "release"}[(n+i)%2], starts[turn%len(starts)]
					turn++
					t.Run(w.name+" "+mode+", started with "+start.name, func(t *testing.T) {
						t.Parallel()
						g := gameOf(t, d, engine, w)
						built := map[string]job{"preview": g.preview, "release": g.release}[mode]
						p := newPage(t)
						p.open(d.url + built.Output["play_url"].(string))
						shown := p.play(w, start.do)
						p.onlyFrom(d.url + "/")
						mu.Lock()
						defer mu.Unlock()
						seen[w.name] = shown
					})
				}
			})
			for i, a := range scenarios {
				for _, b := range scenarios[i+1:] {
					if shown, other := seen[a.name], seen[b.name]; shown.Image != nil && other.Image != nil {
						require.Greater(t, shown.distance(other), 12.0, "a %s and a %s look alike", a.name, b.name)
					}
				}
			}
		})
	}
}

// play starts a game, and returns a picture of it when it has started.
func (p *page) play(w scenario, begin func(*page)) picture {
	p.t.Helper()
	p.until(`window.__spark?.state === 'title' && !!document.querySelector('canvas') && window.__spark.fps > 0`)
	p.shoot("title").drawn(p.t)
	begin(p)
	p.until(`window.__spark.state === 'playing'`)
	p.frames(5)
	shown := p.shoot("playing")
	shown.drawn(p.t)

	// Only the key moves the player along this axis.
	axis := `window.__spark.player.` + w.axis
	before := evaluate[float64](p, axis)
	p.frames(5)
	require.InDelta(p.t, before, evaluate[float64](p, axis), 0.01, "the player moves by itself")
	p.press(w.move)
	p.until(`Math.abs(` + axis + ` - (` + formatFloat(before) + `)) > 0.2`)
	p.release(w.move)
	p.keep("going")
	p.clean()
	return shown
}

// frames waits until the game has drawn some more frames.
func (p *page) frames(n int) {
	p.t.Helper()
	evaluate[bool](p, `new Promise((done) => {
		let left = `+formatFloat(float64(n))+`;
		const tick = () => (left-- > 0 ? requestAnimationFrame(tick) : done(true));
		tick();
	})`)
}

// The same prompt and seed give the same files; another seed gives others.
func TestGenerationsCanBeRepeated(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	digest := func(t *testing.T, engine, prompt string, seed int) string {
		project := d.newProject(t, "Repeated", engine)
		j := d.end(t, d.submitJob(t, project.ID, "generation", map[string]any{"prompt": prompt, "seed": seed}).ID, jobWithin)
		require.Equal(t, "succeeded", j.State, "%+v", j.Error)
		files := read[struct {
			RevisionID string `json:"revision_id"`
			Digest     string
			Files      []struct{ Path, SHA256 string }
		}](d.get(t, "/v1/projects/"+project.ID+"/files").want(200))
		require.Equal(t, j.Output["revision_id"], files.RevisionID)
		require.NotEmpty(t, files.Files)
		return files.Digest
	}
	for _, engine := range engineNames {
		for _, w := range scenarios {
			t.Run(engine+" "+w.name, func(t *testing.T) {
				t.Parallel()
				first := digest(t, engine, w.prompt, 7)
				require.Equal(t, first, digest(t, engine, w.prompt, 7))
				require.NotEqual(t, first, digest(t, engine, w.prompt, 8))
			})
		}
	}
}
