package web

import "github.com/spark-games/spark/engines"

// Image is the recipe of every web engine: the agent bundles by itself, so there is nothing in the image but the agent
// and the packages, and of the packages only what a bundler may read. Patterns of what else a package brings are added
// to what is left out.
func Image(leave ...string) engines.Image {
	return engines.Image{Base: engines.Scratch, Leave: append([]string{
		"package-lock.json", ".package-lock.json", ".bin", "/shared",
		"*.d.ts", "*.d.mts", "*.d.cts", "*.map", "*.md", "*.markdown", "*.html", "*.flow", "*.tsbuildinfo",
		"__tests__", ".github",
	}, leave...)}
}
