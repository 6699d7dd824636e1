package kernel

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spark-games/spark/models"
)

// Every code of models is either mapped to a status, or is named here as one that only jobs' errors carry.
func TestEveryCodeHasAStatus(t *testing.T) {
	t.Parallel()
	jobsOnly := map[string]bool{
		"internal": true, "not_editable": true, "compile_failed": true, "build_failed": true, "invalid_output": true, "output_too_large": true,
		"out_of_memory": true, "timeout": true, "sandbox_failed": true, "sandbox_unavailable": true, "export_too_large": true, "provider_failed": true,
		"provider_refused": true, "provider_truncated": true, "provider_bad_output": true, "provider_misconfigured": true,
		"worker_lost": true, "poisonous": true, "dependency_failed": true, "reference_unresolved": true, "expired": true, "cancelled": true, "panic": true,
		"skipped": true, "approval_rejected": true, "approval_expired": true,
	}
	for _, code := range codesOfModels(t) {
		if _, mapped := statuses[code]; mapped == jobsOnly[string(code)] {
			t.Errorf("code %s: mapped %v, only of jobs %v", code, mapped, jobsOnly[string(code)])
		}
	}
}

// Every code is documented, those of requests with their status.
func TestCodesAreDocumented(t *testing.T) {
	t.Parallel()
	text := document(t).Spec.Components.Schemas["ErrorCode"].Value.Description
	documented := make(map[string]bool)
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| `") {
			code := strings.Trim(cells[0], "|` ")
			documented[code] = true
			if status, ok := statuses[models.Code(code)]; ok && cells[1] != strconv.Itoa(status) {
				t.Errorf("%s is documented with %s, and answered with %d", code, cells[1], status)
			}
		}
	}
	for _, code := range slices.Concat(codesOfModels(t), slices.Collect(maps.Keys(statuses))) {
		if !documented[string(code)] {
			t.Errorf("%s is not documented", code)
		}
	}
}

// codesOfModels are the codes that models declares.
func codesOfModels(t *testing.T) (codes []models.Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../../models/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, models.Code(code))
		return true
	})
	if len(codes) < 30 {
		t.Errorf("found only %d codes", len(codes))
	}
	return codes
}
