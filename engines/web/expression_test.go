package web

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadValue(t *testing.T) {
	t.Parallel()
	code := ` ["./a/*.js", '!**/x\'y.js', ` + "`b`" + `, /* c, */ n ] , {eager: true}) rest`
	v, end, ok := ReadValue(code)
	require.True(t, ok)
	require.Equal(t, List, v.Kind)
	require.Equal(t, []Value{{Kind: String, Text: "./a/*.js"}, {Kind: String, Text: "!**/x'y.js"}, {Kind: String, Text: "b"}, {Text: "n"}}, v.Items)
	require.Equal(t, ", {eager: true}) rest", code[end:])

	v, _, ok = ReadValue(`{eager: true, 'import': "default", method() { return "}" }, get x() { return 1 }, ...more, [key]: 1, short, query: {raw: true}, re: /[}"/]"/, last: f("a", 'b') } as const }`)
	require.True(t, ok)
	require.Equal(t, Object, v.Kind)
	require.Equal(t, "true", v.Field("eager").Text)
	require.Equal(t, "default", v.Field("import").Text)
	require.Equal(t, "true", v.Field("query").Field("raw").Text)
	require.Equal(t, "a/b", v.Field("last").Path())
	require.Equal(t, Value{}, v.Field("short"))

	for _, bad := range []string{"", "  // nothing", "[1", "{a: 1", strings.Repeat("[", 100), "{a: [}"} {
		_, _, ok := ReadValue(bad)
		require.False(t, ok, bad)
	}
	for _, computed := range []string{`"a" + b`, "`${a}`", "f('a')", "1 / 2", "a ? '1' : '2'"} {
		v, _, ok := ReadValue(computed + ", 2")
		require.True(t, ok, computed)
		require.Equal(t, Value{Text: computed}, v)
	}
}

func TestFindObject(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		`import {defineConfig} from 'vite'; export default defineConfig({base: '/x/', root: "web"})`,
		`export default defineConfig(({mode}) => { const o = {a: 1}; if (mode) { f("{") } return {root: 'web', plugins: [f({b: 1})]} })`,
		"module.exports = { // a remark: {root: 'no'}\n root: `web` }",
		`/** @type {import('vite').UserConfig} */ export default {root: 'web'} satisfies UserConfig`,
	} {
		v, ok := FindObject(code, "root")
		require.True(t, ok, code)
		require.Equal(t, "web", v.Field("root").Text, code)
	}
	_, ok := FindObject(`export default {plugins: []}`, "root")
	require.False(t, ok)
}

// FuzzExpression reads code: it ends, and what is read is within the code.
func FuzzExpression(f *testing.F) {
	for _, code := range []string{`["a", '!b', {c: 1, ...d}] as const)`, "{a: `x${`y${z}`}`, b: /[/]\\//, 'c': f(\"}\")}", `export default defineConfig(({mode}) => ({root: path.resolve(__dirname, 'x')}))`, `{"a`, "`${`${"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		v, end, ok := ReadValue(code)
		if end < 0 || end > len(code) || ok && len(v.Text) > len(code) {
			t.Errorf("%q: ends at %d", code, end)
		}
		if v, ok := FindObject(code, "root"); ok && v.Kind != Object {
			t.Errorf("%q: %v", code, v)
		}
	})
}
