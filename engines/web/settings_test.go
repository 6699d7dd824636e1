package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

func TestReadSettings(t *testing.T) {
	t.Parallel()
	read := func(pairs ...string) settings {
		files := map[string][]byte{}
		for i := 0; i < len(pairs); i += 2 {
			files[pairs[i]] = []byte(pairs[i+1])
		}
		return readSettings(files)
	}
	s := read("package.json", `{"version": "2.0.0"}`, "vite.config.mts", `export default defineConfig({root: './web', publicDir: "../files", resolve: {alias: {'@': path.resolve(__dirname, './src'),
		lib: "/vendor/lib", three: 'three/webgpu', rel: fileURLToPath(new URL('./x', import.meta.url))}}, define: {A: JSON.stringify("a"), 'B.c': "'x'", C: 'window.c', D: JSON.stringify(pkg.version), E: f(), F: 3, 'not-a-name': 1}})`)
	require.Equal(t, "web", s.folder)
	require.Equal(t, "files", s.publicDir)
	require.Equal(t, []engines.Alias{{Find: "@", To: "src", File: true}, {Find: "lib", To: "vendor/lib", File: true}, {Find: "three", To: "three/webgpu"}, {Find: "rel", To: "x", File: true}}, s.aliases)
	require.Equal(t, map[string]string{"A": `"a"`, "B.c": `"x"`, "C": "window.c", "D": `"2.0.0"`, "F": "3"}, s.define)

	for name, pairs := range map[string][]string{
		"webpack":         {"webpack.config.js", `module.exports = {entry: "./app/start.js", output: {filename: "b.js", path: __dirname + "/dist"}}`},
		"webpack, folder": {"config/webpack.common.js", `module.exports = (env) => ({entry: {main: {import: "./app/start.js"}}, output: {filename: 'b.js', path: path.resolve(__dirname, "dist")}})`},
		"rollup":          {"rollup.config.mjs", `export default [{input: ['app/start.js'], output: {file: "dist/b.js", format: "iife"}}]`},
		"esbuild":         {"esbuild.mjs", `await esbuild.build({entryPoints: ["app/start.js"], bundle: true, outfile: "dist/b.js"})`},
		"scripts":         {"package.json", `{"scripts": {"build": "esbuild --bundle app/start.js --outfile=dist/b.js --minify"}}`},
	} {
		s := read(append(pairs, "app/start.js", "1")...)
		require.Equal(t, []string{"app/start.js"}, s.entries, name)
		require.True(t, s.makes("dist/b.js") || name == "webpack" && s.makes("b.js"), "%s: %q", name, s.outputs)
	}
	s = read("package.json", `{"source": ["app/start.js", "none.js", "../x.js", "/etc/passwd"], "main": "lib.js"}`, "app/start.js", "1", "lib.js", "1")
	require.Equal(t, []string{"app/start.js"}, s.entries)
	require.Equal(t, []string{"lib.js"}, s.exports)
	require.Equal(t, settings{}, read("package.json", "[", "vite.config.js", "while (true) {}", "src/vite.config.js", "export default {root: 'x'}"))
}

// FuzzSettings reads what configures bundlers: nothing of it leads out of the project.
func FuzzSettings(f *testing.F) {
	f.Add(`export default {root: "../..", publicDir: "/etc", resolve: {alias: {a: path.resolve("../../x")}}, define: {A: "1"}}`, `{"source": "../x.js", "scripts": {"build": "esbuild ../../y.js"}}`)
	f.Add(`module.exports = {entry: {a: ["./a.js"]}, output: {filename: "../b.js"}}`, `{"version": "1"}`)
	f.Fuzz(func(t *testing.T, code, manifest string) {
		s := readSettings(map[string][]byte{"vite.config.js": []byte(code), "webpack.config.js": []byte(code), "package.json": []byte(manifest)})
		paths := append([]string{s.folder, s.publicDir}, s.outputs...)
		for _, a := range s.aliases {
			if a.File {
				paths = append(paths, a.To)
			}
		}
		for _, p := range paths {
			if p != inProject("", p) {
				t.Errorf("%q leads to %q", code, p)
			}
		}
	})
}
