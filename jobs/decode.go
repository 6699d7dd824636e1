package jobs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// DecodePayload reads and validates the input of a kind. Unknown fields are refused, so that a misspelt option is not
// silently ignored. The error is a *models.Error whose pointer is relative to the input.
func DecodePayload(kind models.Kind, raw []byte) (Payload, error) {
	switch kind {
	case models.KindGeneration:
		return decode[GenerationInput](raw)
	case models.KindBuild:
		return decode[BuildInput](raw)
	case models.KindExport:
		return decode[ExportInput](raw)
	case models.KindAnalytics:
		return decode[AnalyticsInput](raw)
	case models.KindApproval:
		return decode[ApprovalInput](raw)
	}
	return nil, unknownKind()
}

func unknownKind() *models.Error {
	return models.NewError(models.CodeUnknownKind, "the kind is generation, build, export or analytics")
}

func decode[P Payload](raw []byte) (P, error) {
	var p P
	if len(raw) > MaxInputBytes {
		return p, models.NewError(models.CodePayloadTooLarge, "the input of a job is at most 64 KiB")
	}
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && !bytes.Equal(trimmed, []byte("null")) {
		if err := decodeObject(trimmed, reflect.ValueOf(&p).Elem()); err != nil {
			return p, err
		}
	}
	return p, p.Validate()
}

// decodeObject decodes a JSON object into a struct of plain fields, one field at a time, so that an error points at the first
// wrong field and says what it takes.
func decodeObject(raw []byte, into reflect.Value) error {
	notObject := models.FieldError("", "the input is not a JSON object")
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return notObject
	}
	seen := make(map[string]bool)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return notObject
		}
		name, _ := key.(string) // the decoder accepts nothing else here
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return notObject
		}
		pointer := "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(models.Shorten(name, 64))
		field, ok := fieldOf(into, name)
		switch {
		case !ok:
			return models.FieldError(pointer, "unknown field")
		case seen[name]:
			return models.FieldError(pointer, "the field is duplicated")
		}
		seen[name] = true
		if err := json.Unmarshal(value, field.Addr().Interface()); err != nil {
			return models.FieldError(pointer, expected(field.Type()))
		}
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return notObject
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return models.FieldError("", "the input is not one JSON object")
	}
	return nil
}

// fieldOf finds a struct's field by the name that it has in JSON.
func fieldOf(v reflect.Value, name string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag == name {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// expected says what a field of a payload takes.
func expected(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "must be a time in RFC 3339, such as 2026-01-31T15:04:05Z"
	case t.Kind() == reflect.String:
		return "must be a string"
	case t.Kind() == reflect.Bool:
		return "must be true or false"
	case t.Kind() == reflect.Int64:
		return "must be a 64-bit integer"
	}
	return "the field has the wrong type"
}
