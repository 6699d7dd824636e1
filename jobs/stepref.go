package jobs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// A text in the input of a step may refer to what an earlier step made: {{steps.NAME.output.FIELD}}. A prompt may have references anywhere,
// and an id is one reference and nothing else. What they refer to is checked when the pipeline is submitted; they are replaced when the
// step has nothing left to wait for, and the input is checked again.

var (
	reference     = regexp.MustCompile(`\{\{\s*steps\.([A-Za-z0-9_-]+)\.output\.([a-z0-9_]+)\s*\}\}`)
	referenceOpen = regexp.MustCompile(`\{\{\s*steps\.`)
)

const idSuffix = "_id"

// outputs lists what the output of each kind may have, which references may name. The document describes the fields.
var outputs = map[models.Kind][]string{
	models.KindGeneration: {"revision_id", "superseded", "title", "summary", "genre", "understood", "ignored", "files", "bytes", "provider", "model",
		"tokens_in", "tokens_out"},
	models.KindBuild: {"artifact_id", "revision_id", "mode", "engine", "engine_version", "files", "bytes", "format", "play_url", "build_ms", "cached",
		"cached_from", "diagnostics"},
	models.KindExport:    {"artifact_id", "from_artifact_id", "format", "file", "sha256", "bytes", "download_url"},
	models.KindAnalytics: {"from", "to", "jobs", "buckets"},
}

// OutputFields lists the fields that a reference to a step of a kind may name.
func OutputFields(k models.Kind) []string { return outputs[k] }

// template is the texts of an input that have references, by their fields.
type template map[string]string

// readTemplate takes the references out of an input, so that the rest can be checked: ids are left out, and texts have something in their
// place. The error points into the input.
func readTemplate(input []byte) (rest []byte, t template, err error) {
	var fields map[string]json.RawMessage
	if len(input) > MaxInputBytes {
		return nil, nil, models.NewError(models.CodePayloadTooLarge, "the input of a job is at most 64 KiB")
	}
	if err := json.Unmarshal(input, &fields); err != nil {
		return input, nil, nil //nolint:nilerr // nothing, or not an object, which the check will say
	}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			if referenceOpen.Match(raw) {
				return nil, nil, models.FieldError("/"+name, "references stand in texts only")
			}
			continue
		}
		if !referenceOpen.MatchString(text) {
			continue
		}
		if err := checkReferences(name, text); err != nil {
			return nil, nil, err
		}
		if t == nil {
			t = make(template)
		}
		t[name] = text
		if strings.HasSuffix(name, idSuffix) {
			delete(fields, name)
		} else {
			fields[name] = json.RawMessage(models.ToJSON(reference.ReplaceAllString(text, "reference")))
		}
	}
	if t == nil {
		return input, nil, nil
	}
	rest, err = json.Marshal(fields)
	return rest, t, err
}

func checkReferences(name, text string) error {
	if referenceOpen.MatchString(reference.ReplaceAllString(text, "")) {
		return models.FieldError("/"+name, "a reference is {{steps.NAME.output.FIELD}}")
	}
	if strings.HasSuffix(name, idSuffix) && reference.FindString(text) != strings.TrimSpace(text) {
		return models.FieldError("/"+name, "a reference in the place of an id stands alone")
	}
	return nil
}

// restore puts the references back into an input that was checked without them.
func (t template) restore(input models.JSON) models.JSON {
	if t == nil {
		return input
	}
	fields := make(map[string]any)
	if err := json.Unmarshal(input, &fields); err != nil {
		panic("jobs: a payload is no object: " + err.Error())
	}
	for name, text := range t {
		fields[name] = text
	}
	return models.ToJSON(fields)
}

// check refuses references to what cannot be there: steps that do not exist or do not come before, and fields that their outputs do not have.
// The error points into the input.
func (t template) check(step int, steps []Step, index map[string]int, before []bool) error {
	for name, text := range t {
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			at, known := index[m[1]]
			pointer := "/input/" + name
			switch {
			case !known:
				return models.FieldError(pointer, fmt.Sprintf("no step is called %q", m[1]))
			case at == step || !before[at]:
				return models.FieldError(pointer, fmt.Sprintf("the step %q does not come before this one: name it in after", m[1]))
			case !slices.Contains(outputs[steps[at].Kind], m[2]):
				return models.FieldError(pointer, fmt.Sprintf("the output of a %s has no %q; it may have %s", steps[at].Kind, m[2],
					strings.Join(outputs[steps[at].Kind], ", ")))
			}
		}
	}
	return nil
}

// source is the step whose output a field of the template is, if it is one reference.
func (t template) source(field string, index map[string]int) (step int, ok bool) {
	if m := reference.FindStringSubmatch(t[field]); m != nil {
		step, ok = index[m[1]]
	}
	return step, ok
}

// HasReferences reports whether an input has references to be replaced.
func HasReferences(input []byte) bool {
	return bytes.Contains(input, []byte("{{")) && reference.Match(input)
}

// Resolve replaces the references in a step's input by what the steps made: output returns that of a step, or nil. The result was checked
// like any input. The error is a *models.Error: CodeReferenceUnresolved if there is nothing in the place that a reference names.
func Resolve(k models.Kind, input models.JSON, output func(step string) models.JSON) (models.JSON, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(input, &fields); err != nil {
		return nil, models.WrapError(models.CodeInvalidRequest, "the job's input cannot be read", err)
	}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			continue
		}
		var missing error
		resolved := reference.ReplaceAllStringFunc(text, func(ref string) string {
			m := reference.FindStringSubmatch(ref)
			value, ok := fieldText(output(m[1]), m[2])
			if !ok && missing == nil {
				missing = models.NewError(models.CodeReferenceUnresolved, fmt.Sprintf("the step %q made no %s", m[1], m[2])).At("/input/" + name)
			}
			return value
		})
		if missing != nil {
			return nil, missing
		}
		fields[name] = json.RawMessage(models.ToJSON(resolved))
	}
	payload, err := DecodePayload(k, models.ToJSON(fields))
	if err != nil {
		return nil, models.AsError(err).At("/input")
	}
	return models.ToJSON(payload), nil
}

// fieldText is a field of an output as text: a text as it is, and anything else as JSON.
func fieldText(output models.JSON, field string) (string, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(output, &fields) != nil {
		return "", false
	}
	raw := fields[field]
	var text string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", false
	case json.Unmarshal(raw, &text) == nil:
		return text, text != ""
	}
	return string(raw), true
}
