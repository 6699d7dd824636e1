package docs_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/tests/testenv"
)

// served is a file with the OpenAPI document as the platform serves it.
func served(t *testing.T) string {
	t.Helper()
	document, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, document.JSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// lint runs a linter of npm's, and returns what it prints and whether it finds anything.
func lint(t *testing.T, dir, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", name), args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true", "NO_COLOR=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// The OpenAPI document passes Redocly's linter, pinned in tests/redocly, without errors or warnings.
func TestOpenAPIIsLintClean(t *testing.T) {
	t.Parallel()
	out, err := lint(t, testenv.NodeModules(t, "../redocly"), "redocly", "lint", "--format=stylish", "--max-problems=1000", served(t))
	if err != nil || !strings.Contains(out, "valid") || strings.Contains(out, "warning ") || strings.Contains(out, "error ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// The document passes the rules of OWASP's API Security Top 10, as tests/spectral has them.
func TestOpenAPIFollowsOWASP(t *testing.T) {
	t.Parallel()
	rules, err := filepath.Abs("../spectral/ruleset.mjs")
	if err != nil {
		t.Fatal(err)
	}
	installed := testenv.NodeModules(t, "../spectral")
	dir := t.TempDir() // where the rules find their packages
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(rules))); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(installed, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		damage func(document map[string]any)
		want   []string // rules
	}{
		{"as served", func(map[string]any) {}, nil},
		{"damaged", func(document map[string]any) {
			delete(at(document, "components", "schemas", "NewProject", "properties", "name"), "maxLength")
			delete(at(document, "paths", "/v1/jobs", "get", "responses"), "401")
			delete(at(document, "paths", "/v1/jobs", "get", "responses"), "429")
			at(document, "paths", "/v1/keys", "post")["security"] = []any{}
		}, []string{"api4:2023-string-limit", "api8:2023-define-error-responses-401", "api4:2023-rate-limit-responses-429",
			"api2:2023-write-restricted"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := served(t)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var document map[string]any
			if err := json.Unmarshal(text, &document); err != nil {
				t.Fatal(err)
			}
			tt.damage(document)
			if text, err = json.Marshal(document); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := lint(t, dir, "spectral", "lint", "--fail-severity=hint", "--format=text", "--ruleset=ruleset.mjs", file)
			if (err == nil) != (tt.want == nil) {
				t.Errorf("%v\n%s", err, out)
			}
			for _, rule := range tt.want {
				if !strings.Contains(out, rule) {
					t.Errorf("%s did not find its mistake in\n%s", rule, out)
				}
			}
		})
	}
}

// at is a member of a JSON document.
func at(v map[string]any, path ...string) map[string]any {
	for _, name := range path {
		v = v[name].(map[string]any)
	}
	return v
}
