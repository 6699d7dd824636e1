package bundle

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

// What code loads and is not there, or only in other letters, is told with its line; what is no address is not.
func TestCheckedAddresses(t *testing.T) {
	t.Parallel()
	for code, text := range map[string]string{
		`this.load.image("hero", "assets/Hero.png")`:                               `but "assets/hero.png": upper and lower case matter`,
		`this.load.image("hero", "assets/none.png")`:                               `there is no file "assets/none.png"`,
		`new THREE.TextureLoader().load("none.jpg")`:                               `there is no file "none.jpg"`,
		`img.src = 'none.png'`:                                                     `there is no file "none.png"`,
		`fetch("data/none.json")`:                                                  `there is no file "data/none.json"`,
		`this.load.audio("a", ["a/none.ogg"])`:                                     `there is no file "a/none.ogg"`,
		`this.load.image("sky", "https://labs.phaser.io/assets/skies/space3.png")`: "is on another host",
		`this.load.image("hero", "hero.png")`:                                      "",
		`this.load.image("hero", "/assets/hero.png?v=2")`:                          "",
		"this.load.image('hero', `assets/${n}.png`)":                               "",
		`a.download = "picture.png"`:                                               "",
		`console.log("see none.png")`:                                              "",
		`if (name.endsWith(".png")) go()`:                                          "",
		`link("https://example.com/x.png")`:                                        "",
	} {
		res := build(t, engines.Release, "", files("src/main.js", "1;\n"+code, "assets/hero.png", "PNG"))
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		if text == "" {
			require.Empty(t, res.Diagnostics, code)
			continue
		}
		require.Len(t, res.Diagnostics, 1, code)
		d := res.Diagnostics[0]
		require.Contains(t, d.Text, text)
		require.Equal(t, "src/main.js", d.File)
		require.Equal(t, 2, d.Line)
		require.Equal(t, "warning", d.Severity)
	}
}

func TestLeftOverMeta(t *testing.T) {
	t.Parallel()
	res := build(t, engines.Release, "", files("src/main.js", "// import.meta.dirname\nconsole.log(import.meta.dirname)"))
	require.True(t, res.Failed())
	require.Contains(t, res.Diagnostics[0].Text, "import.meta.dirname is not there")
	require.Equal(t, 2, res.Diagnostics[0].Line)
	res = build(t, engines.Release, "", files("src/main.js", "console.log(import.meta.url, import.meta.env, import.meta.hot)"))
	require.False(t, res.Failed(), "%v", res.Diagnostics)
}
