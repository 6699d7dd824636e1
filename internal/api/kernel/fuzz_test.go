package kernel

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// FuzzCheckJSON: whatever passes the check decodes into the type that the generated code uses.
func FuzzCheckJSON(f *testing.F) {
	doc, err := openapi.Load()
	if err != nil {
		f.Fatal(err)
	}
	schema := doc.Operation("POST", "/v1/pipelines").JSON
	for _, seed := range []string{`{"project_id":"x","steps":[{"kind":"build"}]}`, `{"project_id":"x","steps":[{"kind":"build","input":null,"after":["a"]}]} `,
		`[]`, `null`, `{"steps":[{}]}`, `{"project_id":"x","steps":[{"kind":"export","input":{"a":{"b":[1e999]}}}]}`, `{"a":` + strings.Repeat("[", 20000)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := checkJSON(schema, raw); err != nil {
			p := AsProblem(err)
			if p.Status != 400 || len(p.Detail) == 0 {
				t.Errorf("%+v", p)
			}
			if p.Errors != nil && len(*p.Errors) > maxFieldErrors {
				t.Error("too many errors")
			}
			return
		}
		var body openapi.NewPipeline
		if err := json.Unmarshal(raw, &body); err != nil {
			t.Errorf("passes and does not decode: %v", err)
		}
		if body.ProjectID == "" && !strings.Contains(string(raw), `""`) || len(body.Steps) == 0 {
			t.Errorf("%s became %+v", raw, body)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(encodeCursor(models.NewID()))
	f.Fuzz(func(t *testing.T, cursor string) {
		if id, err := decodeCursor(cursor); err == nil && !models.ValidID(id) {
			t.Errorf("%q gives %q", cursor, id)
		}
	})
}
