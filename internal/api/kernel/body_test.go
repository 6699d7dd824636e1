package kernel

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func document(t testing.TB) *openapi.Document {
	t.Helper()
	doc, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// repeated is a body of about a size: one element repeated, with a number in place of %d.
func repeated(size int, before, each, after string) []byte {
	var b strings.Builder
	b.WriteString(before)
	for i := 0; b.Len() < size-len(each)-len(after)-16; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.Contains(each, "%d") {
			fmt.Fprintf(&b, each, i)
		} else {
			b.WriteString(each)
		}
	}
	b.WriteString(after)
	return []byte(b.String())
}

// hostileBodies are bodies that make a careless JSON reader slow or large.
func hostileBodies(size int) map[string][]byte {
	return map[string][]byte{
		"unknown fields":         repeated(size, `{`, `"f%d":1`, `}`),
		"long unknown fields":    repeated(size, `{`, `"`+strings.Repeat("f", 100)+`%d":1`, `}`),
		"one name over and over": repeated(size, `{`, `"f":1`, `}`),
		"list of wrong things":   repeated(size, `{"files":[`, `1`, `]}`),
		"list of empty objects":  repeated(size, `{"files":[`, `{}`, `]}`),
		"unknown fields inside":  repeated(size, `{"files":[{"path":"x",`, `"f%d":1`, `}]}`),
		"steps of wrong things":  repeated(size, `{"steps":[`, `[[]]`, `]}`),
		"fields of an input":     repeated(size, `{"kind":"generation","input":{`, `"f%d":1`, `}}`),
		"a list for an input":    repeated(size, `{"kind":"generation","input":[`, `1`, `]}`),
		"depth":                  []byte(strings.Repeat("[", size)),
		"depth of objects":       []byte(strings.Repeat(`{"a":`, size/5)),
		"a long name":            []byte(`{"` + strings.Repeat("n", size-16) + `":1}`),
		"a long string":          []byte(`{"name":"` + strings.Repeat("n", size-16) + `"}`),
		"escapes":                []byte(`{"name":"` + strings.Repeat(`\u0000`, size/6-16) + `"}`),
		"numbers":                []byte(`{"name":` + strings.Repeat("1", size-16) + `}`),
		"spaces":                 []byte(`{` + strings.Repeat(" ", size-2) + `}`),
		"no end":                 []byte(`{"name":"` + strings.Repeat("n", size-16)),
	}
}

// Memory for the check of a body is linear in its size and bounded, whatever the body is. (The test runs alone: it counts
// what the process allocates.)
func TestCheckIsLinear(t *testing.T) {
	for _, op := range document(t).Operations() {
		if op.JSON == nil {
			continue
		}
		for _, size := range []int{int(op.BodyLimit) / 16, int(op.BodyLimit)} {
			for name, body := range hostileBodies(size) {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				err := checkJSON(op.JSON, body)
				runtime.ReadMemStats(&after)
				if limit := uint64(3*size + 16<<20); after.TotalAlloc-before.TotalAlloc > limit {
					t.Errorf("%s, %s of %d bytes: %d bytes of memory", op.ID, name, size, after.TotalAlloc-before.TotalAlloc)
				}
				if grown, limit := after.Mallocs-before.Mallocs, uint64(10*maxJSONTokens); grown > limit {
					t.Errorf("%s, %s of %d bytes: %d allocations", op.ID, name, size, grown)
				}
				if problem := AsProblem(err); err != nil && (problem.Status != 400 || problem.Errors != nil && len(*problem.Errors) > maxFieldErrors) {
					t.Errorf("%s, %s: %+v", op.ID, name, problem)
				}
			}
		}
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	files, project := document(t).Operation("PUT", "/v1/projects/{id}/files").JSON, document(t).Operation("POST", "/v1/projects").JSON
	limits := document(t).Operation("PUT", "/v1/admin/plans/{name}").JSON
	for _, tt := range []struct {
		schema     *openapi3.Schema
		body, want string // pointers and messages
	}{
		{project, `{"name":"x","engine":"y"}`, ""},
		{project, `{"name":"x","name":"y","engine":"z"}`, "/name is there twice"},
		{project, `{"engine":{"a":1,"a":2},"name":"x"}`, "/engine/a is there twice"},
		{project, `{"name":7,"engine":[],"x/~y":1}`, "/name must be a string; /engine must be a string; /x~1~0y unknown field"},
		{project, `{}`, "/name is required"},
		{project, `[]`, " must be an object"},
		{project, `{"name":"","engine":"y"}`, "/name at least 1 characters"},
		{project, `{"name":"` + strings.Repeat("ö", 121) + `","engine":"y"}`, "/name at most 120 characters"},
		{project, `{"name":"` + strings.Repeat("ö", 120) + `","engine":"y"}`, ""},
		{limits, `{}`, "/limits is required"},
		{document(t).Operation("PATCH", "/v1/projects/{id}").JSON, `{}`, " is empty"},
		{limits, `{"limits":{"max_running":-1,"max_waiting":1000000001,"max_running_per_end_user":null}}`,
			"/limits/max_running at least 0; /limits/max_waiting at most 1000000000"},
		{project, `{"name":"x","engine":"y","labels":{"a":1,"b":"c"}}`, "/labels/a must be a string"},
		{document(t).Operation("PATCH", "/v1/projects/{id}").JSON, `{"labels":{` + members(33) + `}}`, "/labels has more than 32 members"},
		{files, `{"files":[]}`, "/files has fewer than 1 items"},
		{files, `{"files":[{"path":"x"},{"path":1,"z":{"q":[1]}}]}`, "/files/1/path must be a string; /files/1/z unknown field"},
		{files, `{"files":[` + strings.Repeat(`{"path":"x"},`, 500) + `{"path":1}]}`, "/files has more than 500 items"},
	} {
		var got []string
		err := checkJSON(tt.schema, []byte(tt.body))
		if several, ok := errors.AsType[FieldErrors](err); ok {
			for _, e := range several {
				got = append(got, e.Pointer+" "+e.Message)
			}
		} else if one, ok := errors.AsType[*models.Error](err); ok {
			got = append(got, one.Pointer+" "+one.Message)
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%.80s: %q, want %q", tt.body, s, tt.want)
		}
	}
}

// members are n members of an object.
func members(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`"m%d":""`, i)
	}
	return strings.Join(all, ",")
}

// checkedKeywords are those of JSON Schema that the check knows; format and the like say more to people than to it.
var checkedKeywords = map[string]bool{"type": true, "properties": true, "required": true, "additionalProperties": true, "items": true,
	"minItems": true, "maxItems": true, "minProperties": true, "maxProperties": true, "minimum": true, "maximum": true, "minLength": true, "maxLength": true, "enum": true, "nullable": true, "allOf": true,
	"oneOf": true, "discriminator": true,
	"title": true, "description": true, "example": true, "default": true, "format": true}

// The schemas of bodies use nothing that the check does not know.
func TestDocumentIsChecked(t *testing.T) {
	t.Parallel()
	seen := map[*openapi3.Schema]bool{}
	var walk func(where string, s *openapi3.Schema)
	walk = func(where string, s *openapi3.Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		raw, err := s.MarshalYAML()
		if err != nil {
			t.Fatal(err)
		}
		for keyword := range raw.(map[string]any) {
			if !checkedKeywords[keyword] && !strings.HasPrefix(keyword, "x-") {
				t.Errorf("%s: %s is not checked", where, keyword)
			}
		}
		if len(s.AllOf) > 1 || (len(s.OneOf) > 0) != (s.Discriminator != nil) {
			t.Errorf("%s: allOf of one schema and oneOf with a discriminator are checked, and nothing else of the kind", where)
		}
		for name, p := range s.Properties {
			walk(where+"/"+name, p.Value)
		}
		for _, of := range append(s.AllOf, s.OneOf...) {
			walk(where, of.Value)
		}
		if s.Items != nil {
			walk(where+"/0", s.Items.Value)
		}
		if s.Discriminator != nil {
			for value := range s.Discriminator.Mapping {
				variant(s, value)
			}
		}
	}
	for _, op := range document(t).Operations() {
		walk(op.ID, op.JSON)
	}
}
