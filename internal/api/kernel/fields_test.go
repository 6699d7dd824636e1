package kernel

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/spark-games/spark/internal/api/openapi"
)

// jobs is the schema of a job.
func jobs(t testing.TB) *openapi3.Schema {
	t.Helper()
	doc, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	return doc.Operation("GET", "/v1/jobs").Item
}

func TestParseFields(t *testing.T) {
	t.Parallel()
	schema := jobs(t)
	for _, tt := range []struct {
		list string
		want fields
		err  string
	}{
		{"id", fields{"id": nil}, ""},
		{"id, state,id", fields{"id": nil, "state": nil}, ""},
		{"input.prompt,input.engine", fields{"input": {"prompt": nil, "engine": nil}}, ""},
		{"input.prompt,input", fields{"input": nil}, ""},
		{"input,input.prompt", fields{"input": nil}, ""},
		{"metadata.anything.at.all", fields{"metadata": {"anything": {"at": {"all": nil}}}}, ""},
		{"nothing", nil, `has "nothing": there is no field "nothing"; there are `},
		{"id.x", nil, `has "id.x": there are no fields where "x" should be`},
		{"id,", nil, "a name is empty"},
		{".id", nil, "a name is empty"},
		{"*", nil, `there is no field "*"`},
	} {
		got, err := parseFields(tt.list, schema)
		if tt.err == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.err) || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %v %v", tt.list, got, err)
		}
	}
}

func TestPageOf(t *testing.T) {
	t.Parallel()
	page := `{"data":[{"id":"1","n":12345678901234567890,"in":{"a":[{"x":1,"y":2},{"y":3}],"b":"é<"}},{"id":"2","in":null}],"has_more":false,"next_cursor":null}`
	got, err := pageOf([]byte(page), fields{"n": nil, "in": {"a": {"x": nil}}})
	if want := `{"data":[{"in":{"a":[{"x":1},{}]},"n":12345678901234567890},{"in":null}],"has_more":false,"next_cursor":null}` + "\n"; err != nil || string(got) != want {
		t.Errorf("%s %v", got, err)
	}
}

func FuzzFields(f *testing.F) {
	f.Add("id,input.prompt", `{"id":"x","input":{"prompt":"y"}}`)
	f.Add("metadata.a.b", `{"metadata":{"a":[{"b":1}]}}`)
	f.Add("input,input.prompt,", `[[[{}]]]`)
	schema := jobs(f)
	f.Fuzz(func(t *testing.T, list, item string) {
		wanted, err := parseFields(list, schema)
		if err != nil || !json.Valid([]byte(item)) {
			return
		}
		page, err := pageOf([]byte(`{"data":[`+item+`],"has_more":true,"next_cursor":"c"}`), wanted)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Data       []map[string]json.RawMessage
			HasMore    bool   `json:"has_more"`
			NextCursor string `json:"next_cursor"`
		}
		if item = strings.TrimSpace(item); item[0] != '{' {
			return
		}
		if err := json.Unmarshal(page, &got); err != nil || len(got.Data) != 1 || !got.HasMore || got.NextCursor != "c" {
			t.Fatalf("%s: %v", page, err)
		}
		for name := range got.Data[0] {
			if _, ok := wanted[name]; !ok {
				t.Errorf("%q is not wanted", name)
			}
		}
	})
}
