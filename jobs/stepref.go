package jobs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// What the references of a step refer to is checked when the pipeline is submitted. A prompt may have references anywhere, and an id is one
// reference and nothing else. They are replaced when the step has nothing left to wait for, and the input is checked again.

const idSuffix = "_id"

// outputs lists what the output of each kind may have, which references may name. The document describes the fields.
var outputs = map[models.Kind][]string{
	models.KindGeneration: {"revision_id", "superseded", "merge_url", "title", "summary", "genre", "understood", "ignored", "files", "bytes", "provider",
		"model",
		"tokens_in", "tokens_out"},
	models.KindBuild: {"artifact_id", "revision_id", "mode", "engine", "engine_version", "files", "bytes", "format", "play_url", "build_ms", "cached",
		"cached_from", "diagnostics"},
	models.KindExport:    {"artifact_id", "from_artifact_id", "format", "file", "sha256", "bytes", "download_url"},
	models.KindAnalytics: {"from", "to", "jobs", "buckets"},
	models.KindApproval:  {"decision", "expired", "by", "comment", "data", "decided_at"},
}

// OutputFields lists the fields that a reference to a step of a kind may name.
func OutputFields(k models.Kind) []string { return outputs[k] }

// texts is the texts of an input that have references, or what looks like some, by their fields.
type texts map[string]stepText

type stepText struct {
	raw    string
	pieces []piece
}

// readTexts takes the references out of an input, so that the rest can be checked: ids are left out, and texts have something in their
// place. The error points into the input. Texts further inside have no references.
func readTexts(input []byte) (rest []byte, t texts, err error) {
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
			if stepOpening.Match(raw) {
				return nil, nil, models.FieldError("/"+name, "references stand in texts only")
			}
			continue
		}
		if !stepOpening.MatchString(text) {
			continue
		}
		pieces, err := parseText(text)
		if err != nil {
			return nil, nil, models.AsError(err).At("/" + name)
		}
		id := strings.HasSuffix(name, idSuffix)
		if id && !alone(pieces) {
			return nil, nil, models.FieldError("/"+name, "a reference in the place of an id stands alone")
		}
		if t == nil {
			t = make(texts)
		}
		t[name] = stepText{text, pieces}
		if id {
			delete(fields, name)
		} else {
			fields[name] = json.RawMessage(models.ToJSON(join(pieces, func(piece) string { return "reference" })))
		}
	}
	if t == nil {
		return input, nil, nil
	}
	rest, err = json.Marshal(fields)
	return rest, t, err
}

var stepOpening = regexp.MustCompile(`\{\{\s*steps\.`)

// alone reports whether a text is one reference, with nothing but space around it.
func alone(pieces []piece) bool {
	refs := 0
	for _, p := range pieces {
		if p.refers() {
			refs++
		} else if strings.TrimSpace(p.literal) != "" {
			return false
		}
	}
	return refs == 1
}

// join is a text with what its references stand for.
func join(pieces []piece, value func(piece) string) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.refers() {
			b.WriteString(value(p))
		} else {
			b.WriteString(p.literal)
		}
	}
	return b.String()
}

// refer reports whether any text has references; otherwise what only looks like some is text.
func (t texts) refer() bool {
	for _, text := range t {
		if slices.ContainsFunc(text.pieces, piece.refers) {
			return true
		}
	}
	return false
}

// restore puts the references back into an input that was checked without them.
func (t texts) restore(input models.JSON) models.JSON {
	if t == nil {
		return input
	}
	fields := make(map[string]any)
	if err := json.Unmarshal(input, &fields); err != nil {
		panic("jobs: a payload is no object: " + err.Error())
	}
	for name, text := range t {
		fields[name] = text.raw
	}
	return models.ToJSON(fields)
}

// check refuses references to what cannot be there: steps that do not exist or do not come before, and fields that their outputs do not have.
// The error points into the input.
func (t texts) check(step int, steps []Step, index map[string]int, before []bool) error {
	for name, text := range t {
		for _, p := range text.pieces {
			if !p.refers() {
				continue
			}
			at, known := index[p.step]
			pointer := "/input/" + name
			switch {
			case !known:
				return models.FieldError(pointer, fmt.Sprintf("no step is called %q", p.step))
			case at == step || !before[at]:
				return models.FieldError(pointer, fmt.Sprintf("the step %q does not come before this one: name it in after", p.step))
			}
			if has := outputsOf(steps[at]); !slices.Contains(has, p.field) {
				return models.FieldError(pointer, fmt.Sprintf("the output of a %s has no %q; it may have %s", steps[at].Kind, p.field, strings.Join(has, ", ")))
			}
		}
	}
	return nil
}

// outputsOf are the fields that a reference to a step may name: an approval also has those that it asks for.
func outputsOf(s Step) []string {
	fields := slices.Clone(outputs[s.Kind])
	if s.Kind == models.KindApproval {
		var asks struct {
			Fields map[string]json.RawMessage `json:"fields"`
		}
		if json.Unmarshal(s.Input, &asks) == nil {
			fields = append(fields, slices.Sorted(maps.Keys(asks.Fields))...)
		}
	}
	return fields
}

// source is the step whose output a field of the template is, if it is one reference.
func (t texts) source(field string, index map[string]int) (step int, ok bool) {
	for _, p := range t[field].pieces {
		if p.refers() {
			step, ok = index[p.step]
		}
	}
	return step, ok
}

// HasReferences reports whether an input may have references to be replaced.
func HasReferences(input []byte) bool {
	return bytes.Contains(input, []byte("{{")) && stepOpening.Match(input)
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
		if !stepOpening.MatchString(text) {
			continue
		}
		pieces, err := parseText(text)
		if err != nil { // of an older program, which took it as text
			pieces = []piece{{literal: text}}
		}
		var missing error
		resolved := join(pieces, func(p piece) string {
			value, ok := fieldText(output(p.step), p.field)
			if !ok && missing == nil {
				missing = models.NewError(models.CodeReferenceUnresolved, fmt.Sprintf("the step %q made no %s", p.step, p.field)).At("/input/" + name)
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

// fieldText is a field of an output as text: a text as it is, and anything else as JSON. An approval's output has what it asked for in its data.
func fieldText(output models.JSON, field string) (string, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(output, &fields) != nil {
		return "", false
	}
	raw, ok := fields[field]
	if !ok {
		var data map[string]json.RawMessage
		if json.Unmarshal(fields["data"], &data) == nil {
			raw = data[field]
		}
	}
	var text string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", false
	case json.Unmarshal(raw, &text) == nil:
		return text, text != ""
	}
	return string(raw), true
}
