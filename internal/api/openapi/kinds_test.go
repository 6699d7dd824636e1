package openapi

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/jobs/analytics"
	"github.com/spark-games/spark/jobs/build"
	"github.com/spark-games/spark/jobs/export"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// fields are the JSON names of a struct, and those of them that are always there.
func fields(of any) (all, always []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeOf(of)) {
		if f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		all = append(all, name)
		if options == "" {
			always = append(always, name)
		}
	}
	slices.Sort(all)
	slices.Sort(always)
	return all, always
}

// storedGeneration is a generation's output as it is kept: the commit adds whether it was overtaken.
type storedGeneration struct {
	generation.Output
	Superseded bool   `json:"superseded,omitempty"`
	MergeURL   string `json:"merge_url,omitempty"`
}

// The document's inputs and outputs of a kind match what its handler reads and writes.
func TestKindsAreTyped(t *testing.T) {
	t.Parallel()
	doc, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	schemas := doc.Spec.Components.Schemas
	for name, of := range map[string]any{
		"GenerationInput": jobs.GenerationInput{}, "BuildInput": jobs.BuildInput{}, "ExportInput": jobs.ExportInput{}, "AnalyticsInput": jobs.AnalyticsInput{},
		"ApprovalInput": jobs.ApprovalInput{}, "ApprovalOutput": models.ApprovalOutput{}, "Parameter": models.Parameter{},
		"GenerationOutput": storedGeneration{}, "BuildOutput": build.Output{}, "ExportOutput": export.Output{}, "AnalyticsOutput": analytics.Output{},
		"Diagnostic": engines.Diagnostic{}, "JobError": wire.JobError{},
	} {
		all, always := fields(of)
		if got := slices.Sorted(maps.Keys(schemas[name].Value.Properties)); !slices.Equal(got, all) {
			t.Errorf("%s has %v in the document, and %v in Go", name, got, all)
		}
		if got := slices.Sorted(slices.Values(schemas[name].Value.Required)); !slices.Equal(got, always) {
			t.Errorf("%s always has %v in the document, and %v in Go", name, got, always)
		}
	}
	// The types that hold any kind have what all the kinds have.
	for name, of := range map[string]any{"NewJob": wire.NewJob{}, "NewStep": wire.NewStep{}, "Job": wire.Job{}} {
		all, _ := fields(of)
		one := schemas[name].Value
		kinds := models.Kinds()
		if name != "NewJob" { // an approval is a step of a pipeline
			kinds = append(kinds, models.KindApproval)
		}
		for _, kind := range kinds {
			ref, ok := one.Discriminator.Mapping[string(kind)]
			if !ok {
				t.Errorf("%s does not know %s", name, kind)
				continue
			}
			schema := schemas[strings.TrimPrefix(ref.Ref, "#/components/schemas/")].Value
			properties := maps.Clone(schema.Properties)
			if properties == nil {
				properties = openapi3.Schemas{}
			}
			for _, part := range schema.AllOf {
				maps.Copy(properties, part.Value.Properties)
			}
			if got := slices.Sorted(maps.Keys(properties)); !slices.Equal(got, all) {
				t.Errorf("%s of %s has %v in the document, and %v in Go", name, kind, got, all)
			}
			if enum := properties["kind"].Value.Enum; len(enum) != 1 || enum[0] != string(kind) {
				t.Errorf("%s of %s has the kind %v", name, kind, enum)
			}
		}
		if len(one.OneOf) != len(kinds) {
			t.Errorf("%s has %d kinds", name, len(one.OneOf))
		}
	}
}
