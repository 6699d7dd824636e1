package bundle

import (
	_ "embed"

	"github.com/evanw/esbuild/pkg/api"
)

//go:embed standins.js
var standInsSource string

// standInsJS comes before every script of a page: games read localStorage and cookies, which throws where a page has no origin, and
// then nothing is on the screen.
var standInsJS = func() string {
	r := api.Transform(standInsSource, api.TransformOptions{MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Target: api.ES2022})
	return string(r.Code)
}()
