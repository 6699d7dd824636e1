package openapi

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/spark-games/spark/internal/identity/auth"
)

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	doc, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Spec.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
}

// The generated server and client match the document.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{".", "../../../client"} {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			document, err := filepath.Abs("openapi.yaml")
			if err != nil {
				t.Fatal(err)
			}
			fresh := filepath.Join(t.TempDir(), "fresh.go")
			cmd := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen", "-config", "oapi-codegen.yaml", "-o", fresh, document)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			want, err := os.ReadFile(fresh)
			if err != nil {
				t.Fatal(err)
			}
			kept, err := filepath.Glob(filepath.Join(dir, "*.gen.go"))
			if err != nil || len(kept) != 1 {
				t.Fatal(kept, err)
			}
			got, err := os.ReadFile(kept[0])
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is out of date: run go generate ./internal/api/...", kept[0])
			}
		})
	}
}

// An operation with an incomplete declaration is a bug, found when the program starts.
func TestOperationsDeclareWhatTheyNeed(t *testing.T) {
	t.Parallel()
	body := &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithJSONSchema(openapi3.NewObjectSchema())}
	public := openapi3.NewSecurityRequirements()
	for _, tt := range []struct {
		name string
		op   openapi3.Operation
		want string // in the error; "" for none
	}{
		{"no scope", openapi3.Operation{}, "scope"},
		{"unknown scope", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "everything"}}, "scope"},
		{"public with a key", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "public"}}, "public"},
		{"scope without a key", openapi3.Operation{Security: public, Extensions: map[string]any{"x-spark-scope": "jobs:read"}}, "public"},
		{"body without a limit", openapi3.Operation{RequestBody: body, Extensions: map[string]any{"x-spark-scope": "jobs:write"}}, "limit"},
		{"limit without a body", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "jobs:write", "x-spark-body-limit": 1.0}}, "limit"},
		{"no time", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "jobs:read"}}, "timeout"},
		{"no rate", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "jobs:read"}}, "rate"},
		{"no idempotency", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "jobs:read"}}, "idempotent"},
		{"no audit", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "jobs:read"}}, "audit"},
		{"an action without a verb", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "jobs:read", "x-spark-audit": "job."}}, "audit"},
		{"nothing to audit", openapi3.Operation{Extensions: map[string]any{"x-spark-scope": "jobs:read", "x-spark-audit": "none"}}, ""},
		{"all", openapi3.Operation{RequestBody: body, Extensions: map[string]any{"x-spark-scope": "jobs:write", "x-spark-body-limit": 1.0}}, ""},
		{"public", openapi3.Operation{Security: public, Extensions: map[string]any{"x-spark-scope": "public"}}, ""},
	} {
		if tt.op.Extensions != nil && tt.name != "no time" {
			tt.op.Extensions["x-spark-timeout"] = "30s"
		}
		if tt.op.Extensions != nil && tt.name != "no idempotency" {
			tt.op.Extensions["x-spark-idempotent"] = "answer"
		}
		if tt.op.Extensions != nil && tt.op.Extensions["x-spark-audit"] == nil && tt.name != "no audit" {
			tt.op.Extensions["x-spark-audit"] = "thing.change"
		}
		if scope := tt.op.Extensions["x-spark-scope"]; scope != nil && scope != "public" && tt.name != "no rate" {
			tt.op.Extensions["x-spark-rate"] = 1.0
		}
		_, err := newOperation("POST", "/x", &tt.op)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestRateWith(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		given any
		want  map[string]int // nil is an error
	}{
		{"costs", map[string]any{"/from/prompt": 5.0}, map[string]int{"/from/prompt": 5}},
		{"nothing", map[string]any{}, nil},
		{"no object", 5.0, nil},
		{"no pointer", map[string]any{"from": 5.0}, nil},
		{"no number", map[string]any{"/from": "5"}, nil},
		{"less than without", map[string]any{"/from": 1.0}, nil},
	} {
		got, err := newRateWith(1, tt.given)
		if (err == nil) != (tt.want != nil) || !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v %v", tt.name, got, err)
		}
	}
	if got, err := newRateWith(1, nil); got != nil || err != nil {
		t.Error(got, err)
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	doc, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	submit := doc.Operation("POST", "/v1/jobs")
	if submit == nil || submit.ID != "submitJob" || submit.Scope != auth.ScopeJobsWrite || submit.BodyLimit != 1<<20 || submit.JSON == nil ||
		!submit.BodyRequired || submit.Browser || submit.Query != nil {
		t.Errorf("%+v", submit)
	}
	if queues := doc.Operation("GET", "/admin/queues"); !queues.Browser || queues.Scope != auth.ScopePlatformRead {
		t.Errorf("%+v", queues)
	}
	if empty, ok := doc.Operation("GET", "/v1/jobs").Query["end_user"]; !ok || !empty || doc.Operation("GET", "/nowhere") != nil {
		t.Error("queries, or routes, are not told apart")
	}
}
