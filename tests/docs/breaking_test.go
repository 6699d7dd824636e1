package docs_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/spark-games/spark/internal/api/openapi"
)

// frozen is whether v1 of the API may not break any more. Until then the test tells what has changed since the baseline; from then on it
// fails on a breaking change, and the baseline moves only with a release.
const frozen = false

// baseline is the document that clients may have been written against. SPARK_UPDATE_BASELINE=1 replaces it by the present one.
const baseline = "testdata/openapi-baseline.json"

// oasdiff compares OpenAPI documents. It is installed at a pinned version, as the linter is, and nothing depends on it.
const oasdiffVersion = "v1.37.0"

// oasdiff is the program, in the user's cache.
var oasdiff = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "spark-oasdiff", oasdiffVersion)
	cmd := exec.Command("go", "install", "github.com/oasdiff/oasdiff@"+oasdiffVersion)
	cmd.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("install oasdiff: %w\n%s", err, out)
	}
	return filepath.Join(bin, "oasdiff"), nil
})

// change is what oasdiff finds.
type change struct {
	ID, Text, Operation, Path string
	Level                     int // 3 is an error, 2 a warning
}

// breaks are the changes of a document that break clients of another one.
func breaks(t *testing.T, before, after string) (found []change) {
	t.Helper()
	program, err := oasdiff()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "breaking", "--format", "json", before, after)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("oasdiff: %v\n%s%s", err, out, stderr.String())
	}
	if len(out) == 0 {
		return nil
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatalf("oasdiff: %v\n%s", err, out)
	}
	return found
}

func write(t *testing.T, document any) string {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestNothingBreaks(t *testing.T) {
	t.Parallel()
	if os.Getenv("SPARK_UPDATE_BASELINE") != "" {
		document, err := openapi.Load()
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(document.JSON(), &value); err != nil {
			t.Fatal(err)
		}
		text, err := json.MarshalIndent(value, "", " ") // a line for each value, so that a review shows what has changed
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(baseline, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	report := t.Logf
	if frozen {
		report = t.Errorf
	}
	for _, c := range breaks(t, baseline, served(t)) {
		report("%s %s: %s (%s)", c.Operation, c.Path, c.Text, c.ID)
	}
}

// The comparison finds what breaks clients, and nothing else.
func TestBreakingChangesAreFound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(baseline)
	if err != nil {
		t.Fatal(err)
	}
	document := func() (v map[string]any) {
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		name   string
		change func(document map[string]any)
		want   string // the id of what breaks; "" for nothing
	}{
		{"an operation goes", func(d map[string]any) { delete(at(d, "paths", "/v1/jobs"), "post") }, "api-removed-without-deprecation"},
		{"a field of an answer goes", func(d map[string]any) {
			delete(at(d, "components", "schemas", "Project", "properties"), "name")
		}, "response-required-property-removed"},
		{"a field is demanded", func(d map[string]any) {
			project := at(d, "components", "schemas", "NewProject")
			project["required"] = append(project["required"].([]any), "description")
		}, "request-property-became-required"},
		{"a field may be shorter only", func(d map[string]any) {
			at(d, "components", "schemas", "NewProject", "properties", "name")["maxLength"] = 10
		}, "request-property-max-length-decreased"},
		{"a new optional field", func(d map[string]any) {
			at(d, "components", "schemas", "NewProject", "properties")["color"] = map[string]any{"type": "string"}
		}, ""},
		{"a new field of an answer", func(d map[string]any) {
			at(d, "components", "schemas", "Project", "properties")["color"] = map[string]any{"type": "string"}
		}, ""},
		{"other words", func(d map[string]any) { at(d, "paths", "/v1/jobs", "post")["summary"] = "Other" }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := document()
			tt.change(changed)
			found := breaks(t, baseline, write(t, changed))
			ids := make([]string, len(found))
			for i, c := range found {
				ids[i] = c.ID
			}
			if all := strings.Join(ids, " "); !strings.Contains(all, tt.want) || (tt.want == "") != (all == "") {
				t.Errorf("found %q, want %q", all, tt.want)
			}
		})
	}
}
