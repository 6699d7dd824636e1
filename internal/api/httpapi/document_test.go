package httpapi

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"
)

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	doc, err := loadDocument()
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.spec.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
}

// The generated server and client are what the generator makes of the document today.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{".", "../apiclient"} {
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
				t.Errorf("%s is out of date: run go generate ./internal/api/httpapi ./internal/api/apiclient", kept[0])
			}
		})
	}
}

// Every path of the document is routed, and every route is in the document.
func TestRoutesAreDocumented(t *testing.T) {
	t.Parallel()
	doc, err := loadDocument()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{doc: doc}
	engine := gin.New()
	s.Metrics = emptyGatherer{}
	s.routes(engine)
	routed := make(map[string]bool)
	for _, r := range engine.Routes() {
		path := strings.ReplaceAll(r.Path, "*path", ":path")
		routed[r.Method+" "+documentPath(path)] = true
	}
	known := map[string]bool{"GET /openapi.json": true, "GET /play/{artifact}": true}
	for path, item := range doc.spec.Paths.Map() {
		for method := range item.Operations() {
			known[method+" "+path] = true
			if !routed[method+" "+path] && !strings.HasPrefix(path, adminPath) {
				t.Errorf("%s %s is documented and not routed", method, path)
			}
		}
	}
	for r := range routed {
		if !strings.HasPrefix(r, "HEAD ") && !known[r] {
			t.Errorf("%s is routed and not documented", r)
		}
	}
}

// Every code of models is either mapped to a status, or is named here as one that only jobs' errors carry.
func TestEveryCodeHasAStatus(t *testing.T) {
	t.Parallel()
	jobsOnly := map[string]bool{
		"internal": true, "compile_failed": true, "build_failed": true, "invalid_output": true, "output_too_large": true,
		"out_of_memory": true, "timeout": true, "sandbox_failed": true, "export_too_large": true, "provider_failed": true,
		"provider_refused": true, "provider_truncated": true, "provider_bad_output": true, "provider_misconfigured": true,
		"worker_lost": true, "poisonous": true, "dependency_failed": true, "cancelled": true, "panic": true,
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../../../models/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		count++
		mapped := false
		for c := range statuses {
			mapped = mapped || string(c) == code
		}
		if mapped == jobsOnly[code] {
			t.Errorf("code %s: mapped %v, only of jobs %v", code, mapped, jobsOnly[code])
		}
		return true
	})
	if count < 30 {
		t.Errorf("found only %d codes", count)
	}
}
