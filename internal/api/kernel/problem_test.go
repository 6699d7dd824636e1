package kernel

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// Every code of models is either mapped to a status, or is named here as one that only jobs' errors carry.
func TestEveryCodeHasAStatus(t *testing.T) {
	t.Parallel()
	jobsOnly := map[string]bool{
		"internal": true, "not_editable": true, "compile_failed": true, "build_failed": true, "invalid_output": true, "output_too_large": true,
		"out_of_memory": true, "timeout": true, "sandbox_failed": true, "sandbox_unavailable": true, "export_too_large": true, "provider_failed": true,
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
