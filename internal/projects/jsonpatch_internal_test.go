package projects

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestPatchJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, doc, patch, want string }{
		{"all operations", `{"a":1,"b":[1,2],"c":{"d":null}}`, `[{"op":"test","path":"/a","value":1.0},{"op":"add","path":"/b/1","value":9},{"op":"remove","path":"/c/d"},
			{"op":"move","from":"/a","path":"/c/a"},{"op":"copy","from":"/b","path":"/e"},{"op":"replace","path":"/b/0","value":"<&>"}]`,
			`{"b":["<&>",9,2],"c":{"a":1},"e":[1,9,2]}`},
		{"what is not patched", `{"big":12345678901234567890.10,"text":"\u00e9<","b":2}`, `[{"op":"remove","path":"/b"}]`, `{"big":12345678901234567890.10,"text":"\u00e9<"}`},
		{"indented by two", "{\n  \"a\": [\n    1\n  ]\n}\n", `[{"op":"add","path":"/a/-","value":{"x":1}}]`, "{\n  \"a\": [\n    1,\n    {\n      \"x\": 1\n    }\n  ]\n}\n"},
		{"indented by a tab", "{\n\t\"a\": 1\n}", `[{"op":"add","path":"/b","value":2}]`, "{\n\t\"a\": 1,\n\t\"b\": 2\n}"},
		{"lines end as on Windows", "{\r\n  \"a\": 1\r\n}\r\n", `[{"op":"replace","path":"/a","value":2}]`, "{\r\n  \"a\": 2\r\n}\r\n"},
		{"one line with spaces", `{"a": 1, "b": 2}` + "\n", `[{"op":"replace","path":"/a","value":[3,4]}]`, `{"a": [3, 4], "b": 2}` + "\n"},
		{"an array", `[1,2]`, `[{"op":"add","path":"/-","value":3}]`, `[1,2,3]`},
		{"a space before it", ` [1,2]`, `[{"op":"remove","path":"/0"}]`, `[2]`},
		{"members that are ignored", `{"a":1}`, `[{"op":"remove","path":"/a","note":"x","value":5}]`, `{}`},
		{"escaped names", `{"a/b":1,"m~n":2}`, `[{"op":"remove","path":"/a~1b"},{"op":"replace","path":"/m~0n","value":3}]`, `{"m~n":3}`},
		{"equal numbers", `{"a":1500,"b":0.0,"c":[null,-1e400]}`, `[{"op":"test","path":"","value":{"c":[null,-10E399],"b":-0,"a":1.5e+3}},{"op":"remove","path":"/c"}]`, `{"a":1500,"b":0.0}`},
		{"the whole", `{"a":1}`, `[{"op":"move","from":"/a","path":"/a"},{"op":"copy","from":"","path":"/b"},{"op":"replace","path":"","value":[]},{"op":"add","path":"","value":[1]}]`, `[1]`},
		{"a null is there", `{"a":null}`, `[{"op":"test","path":"/a","value":null},{"op":"replace","path":"/a","value":1}]`, `{"a":1}`},
	} {
		got, err := patchJSON([]byte(tt.doc), []byte(tt.patch))
		require.NoError(t, err, tt.name)
		require.Equal(t, tt.want, string(got), tt.name)
	}
}

func TestPatchJSONRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 65) + strings.Repeat("]", 65)
	large := `{"a":"` + strings.Repeat("x", 600<<10) + `"}`
	for _, tt := range []struct {
		name, doc, patch string
		code             models.Code
		at               string
	}{
		{"not JSON", `{a:1}`, `[{"op":"remove","path":"/a"}]`, models.CodeConflict, ""},
		{"a name twice", `{"a":1,"a":2}`, `[{"op":"remove","path":"/a"}]`, models.CodeConflict, ""},
		{"a text", `"a"`, `[{"op":"add","path":"/a","value":{}}]`, models.CodeConflict, "/0"},
		{"everything", `{}`, `[{"op":"remove","path":""}]`, models.CodeConflict, "/0"},
		{"a zero before an index", `[1,2]`, `[{"op":"remove","path":"/01"}]`, models.CodeConflict, "/0"},
		{"a test of nothing", `{}`, `[{"op":"test","path":"/a","value":null}]`, models.CodeConflict, "/0"},
		{"deep", deep, `[{"op":"remove","path":"/0"}]`, models.CodeConflict, ""},
		{"made deep", `{"a":{"b":` + deep[10:120] + `},"c":{}}`, `[{"op":"add","path":"/c/d","value":{}},{"op":"move","from":"/a","path":"/c/d/e/f"},
			{"op":"add","path":"/x","value":1}]`, models.CodeConflict, "/1"},
		{"copied deep", `{"a":` + deep[20:110] + `}`, `[{"op":"copy","from":"","path":"/b"},{"op":"copy","from":"","path":"/b/a/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"}]`,
			models.CodeConflict, "/1"},
		{"nothing", `{}`, `[]`, models.CodeInvalidRequest, ""},
		{"no list", `{}`, `{"op":"add"}`, models.CodeInvalidRequest, ""},
		{"too many", `{"a":1}`, `[` + strings.Repeat(`{"op":"test","path":"/a","value":1},`, 256) + `{"op":"test","path":"/a","value":1}]`, models.CodeInvalidRequest, ""},
		{"unknown", `{}`, `[{"op":"add","path":"/a","value":1},{"op":"burn","path":"/a"}]`, models.CodeInvalidRequest, "/1/op"},
		{"no value", `{}`, `[{"op":"add","path":"/a"}]`, models.CodeInvalidRequest, "/0/value"},
		{"no path", `{}`, `[{"op":"remove"}]`, models.CodeInvalidRequest, "/0/path"},
		{"no pointer", `{}`, `[{"op":"remove","path":"a"}]`, models.CodeInvalidRequest, "/0/path"},
		{"no from", `{}`, `[{"op":"copy","path":"/a"}]`, models.CodeInvalidRequest, "/0/from"},
		{"a test", `{"a":1}`, `[{"op":"replace","path":"/a","value":2},{"op":"test","path":"/a","value":1},{"op":"remove","path":"/b"}]`, models.CodeTestFailed, "/1"},
		{"missing", `{"a":1}`, `[{"op":"remove","path":"/a"},{"op":"remove","path":"/a"}]`, models.CodeConflict, "/1"},
		{"missing, replaced", `{"a":1}`, `[{"op":"replace","path":"/b","value":1}]`, models.CodeConflict, "/0"},
		{"into itself", `{"a":{"b":1}}`, `[{"op":"move","from":"/a","path":"/a/b"}]`, models.CodeConflict, "/0"},
		{"an index beyond the end", `[1]`, `[{"op":"add","path":"/2","value":1}]`, models.CodeConflict, "/0"},
		{"an index from the end", `[1]`, `[{"op":"remove","path":"/-1"}]`, models.CodeConflict, "/0"},
		{"copies", large, `[{"op":"copy","from":"/a","path":"/b"},{"op":"copy","from":"/a","path":"/c"}]`, models.CodeConflict, "/1"},
	} {
		_, err := patchJSON([]byte(tt.doc), []byte(tt.patch))
		require.Error(t, err, tt.name)
		require.Equal(t, tt.code, models.CodeOf(err), "%s: %v", tt.name, err)
		require.Equal(t, tt.at, models.AsError(err).Pointer, "%s: %v", tt.name, err)
	}
}

// Copies that double a document again and again end at the limit.
func TestPatchJSONCopiesAreBounded(t *testing.T) {
	t.Parallel()
	var ops []string
	for i := range 200 {
		ops = append(ops, fmt.Sprintf(`{"op":"copy","from":"","path":"/k%d"}`, i))
	}
	_, err := patchJSON([]byte(`{"a":"0123456789"}`), []byte("["+strings.Join(ops, ",")+"]"))
	require.Equal(t, models.CodeConflict, models.CodeOf(err))
	require.Equal(t, errCopies.Error(), models.AsError(err).Message)
}

// The examples of RFC 7396, appendix A, whose patches are objects or whose targets are.
func TestMergeJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"z":1,"a":2}`, `{"y":1,"b":2,"z":3}`, `{"z":3,"a":2,"y":1,"b":2}`},
		{"{\n  \"a\": 1.0\n}\n", `{"b":"\u00e9"}`, "{\n  \"a\": 1.0,\n  \"b\": \"\\u00e9\"\n}\n"},
	} {
		got, err := mergeJSON([]byte(tt[0]), []byte(tt[1]))
		require.NoError(t, err, tt)
		require.Equal(t, tt[2], string(got), tt)
	}
	_, err := mergeJSON([]byte(`{"a":1,"a":2}`), []byte(`{}`))
	require.Equal(t, models.CodeConflict, models.CodeOf(err))
	_, err = mergeJSON([]byte(`{}`), []byte(`{"a":1,"a":2}`))
	require.Equal(t, models.CodeInvalidRequest, models.CodeOf(err))
}

// Whatever a patch is, what it makes is JSON, and a file that is not JSON stays as it is.
func FuzzPatchJSON(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":[1,2],"c":{"d":null}}`), []byte(`[{"op":"copy","from":"","path":"/b/0"},{"op":"move","from":"/a","path":"/c/a"}]`))
	f.Add([]byte(`[[],{}]`), []byte(`[{"op":"replace","path":"","value":[]},{"op":"add","path":"/-","value":null},{"op":"test","path":"","value":[null]}]`))
	f.Add([]byte("{\r\n \"a\":1}"), []byte(`{"a":null,"b":{"c":{"d":null}}}`))
	f.Add([]byte(`{"a":null}`), []byte(`[{"op":"remove","path":"/a/b"},{"op":"test","path":"/a/b/c","value":null}]`))
	f.Fuzz(func(t *testing.T, doc, patch []byte) {
		for name, apply := range map[string]func(doc, patch []byte) ([]byte, error){"json": patchJSON, "merge": mergeJSON} {
			was := bytes.Clone(doc)
			got, err := apply(doc, patch)
			require.Equal(t, was, doc, name)
			if err != nil {
				require.NotEqual(t, models.CodeInternal, models.CodeOf(err), "%s: %v", name, err)
				continue
			}
			require.True(t, json.Valid(got), "%s made %q", name, got)
			again, err := apply(doc, patch)
			require.NoError(t, err)
			require.Equal(t, string(got), string(again), "%s is not deterministic", name)
		}
	})
}
