package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ParameterType is what values a parameter takes.
type ParameterType string

// The types of parameters.
const (
	ParameterString  ParameterType = "string"
	ParameterNumber  ParameterType = "number"
	ParameterBoolean ParameterType = "boolean"
	ParameterEnum    ParameterType = "enum" // one of some texts
)

// Parameter describes a value that somebody is asked for: by a template, or by an approval.
type Parameter struct {
	Type        ParameterType   `json:"type"`
	Description string          `json:"description,omitempty"`
	Required    bool            `json:"required,omitempty"`
	Default     json.RawMessage `json:"default,omitempty"`
	Values      []string        `json:"values,omitempty"` // of an enum
	Minimum     *float64        `json:"minimum,omitempty"`
	Maximum     *float64        `json:"maximum,omitempty"`
	MinLength   *int            `json:"min_length,omitempty"` // in characters, as is MaxLength
	MaxLength   *int            `json:"max_length,omitempty"`
}

// Limits of parameters.
const (
	// MaxParameters limits how many there are.
	MaxParameters = 50
	// MaxParameterText is the longest text that a parameter takes, in bytes: as long as a prompt.
	MaxParameterText = 32 << 10
	maxValues        = 100
	maxValueLength   = 256
	maxDescription   = 1000
	maxNumberLength  = 64
)

// Parameters are described by their names.
type Parameters map[string]Parameter

var parameterName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// Check refuses descriptions that cannot be meant. The error's pointer is into the parameters.
func (ps Parameters) Check() error {
	if len(ps) > MaxParameters {
		return FieldError("", fmt.Sprintf("at most %d", MaxParameters))
	}
	for _, name := range slices.Sorted(maps.Keys(ps)) {
		if !parameterName.MatchString(name) {
			return FieldError("/"+pointerPart(name), "a name is 1 to 64 lower-case letters, digits and underscores, and begins with a letter")
		}
		if err := ps[name].check(); err != nil {
			return AsError(err).At("/" + name)
		}
	}
	return nil
}

func (p Parameter) check() error {
	switch p.Type {
	case ParameterString, ParameterNumber, ParameterBoolean:
		if p.Values != nil {
			return FieldError("/values", "only an enum has values")
		}
	case ParameterEnum:
		if err := checkValues(p.Values); err != nil {
			return err
		}
	default:
		return FieldError("/type", "the type is string, number, boolean or enum")
	}
	switch {
	case len(p.Description) > maxDescription || !utf8.ValidString(p.Description):
		return FieldError("/description", fmt.Sprintf("a description is at most %d bytes", maxDescription))
	case p.Type != ParameterNumber && (p.Minimum != nil || p.Maximum != nil):
		return FieldError("/minimum", "only a number has a minimum and a maximum")
	case p.Minimum != nil && p.Maximum != nil && *p.Minimum > *p.Maximum:
		return FieldError("/maximum", "the maximum is less than the minimum")
	case p.Type != ParameterString && (p.MinLength != nil || p.MaxLength != nil):
		return FieldError("/min_length", "only a string has a length")
	case p.MinLength != nil && (*p.MinLength < 0 || *p.MinLength > MaxParameterText):
		return FieldError("/min_length", "the length is out of bounds")
	case p.MaxLength != nil && (*p.MaxLength < 1 || *p.MaxLength > MaxParameterText || p.MinLength != nil && *p.MaxLength < *p.MinLength):
		return FieldError("/max_length", "the length is out of bounds")
	case p.Required && given(p.Default):
		return FieldError("/default", "what is required has no default")
	}
	if given(p.Default) {
		if err := p.Accept(p.Default); err != nil {
			return AsError(err).At("/default")
		}
	}
	return nil
}

func checkValues(values []string) error {
	if len(values) == 0 || len(values) > maxValues {
		return FieldError("/values", fmt.Sprintf("an enum has 1 to %d values", maxValues))
	}
	seen := make(map[string]bool, len(values))
	for i, v := range values {
		if v == "" || len(v) > maxValueLength || !utf8.ValidString(v) || strings.ContainsRune(v, 0) || seen[v] {
			return FieldError(fmt.Sprintf("/values/%d", i), fmt.Sprintf("a value is a text of 1 to %d bytes, and there once", maxValueLength))
		}
		seen[v] = true
	}
	return nil
}

// Accept refuses a value, as JSON, that the parameter does not take.
func (p Parameter) Accept(raw json.RawMessage) error {
	switch p.Type {
	case ParameterNumber:
		var n float64
		if len(raw) > maxNumberLength || json.Unmarshal(raw, &n) != nil || bytes.HasPrefix(bytes.TrimSpace(raw), []byte("n")) {
			return FieldError("", "must be a number")
		}
		if p.Minimum != nil && n < *p.Minimum {
			return FieldError("", fmt.Sprintf("must be %g or more", *p.Minimum))
		}
		if p.Maximum != nil && n > *p.Maximum {
			return FieldError("", fmt.Sprintf("must be %g or less", *p.Maximum))
		}
		return nil
	case ParameterBoolean:
		if v := string(bytes.TrimSpace(raw)); v != "true" && v != "false" {
			return FieldError("", "must be true or false")
		}
		return nil
	}
	var text *string
	if json.Unmarshal(raw, &text) != nil || text == nil {
		return FieldError("", "must be a string")
	}
	return p.acceptText(*text)
}

func (p Parameter) acceptText(text string) error {
	length := utf8.RuneCountInString(text)
	switch {
	case p.Type == ParameterEnum && !slices.Contains(p.Values, text):
		return FieldError("", "must be one of "+strings.Join(p.Values, ", "))
	case len(text) > MaxParameterText:
		return FieldError("", fmt.Sprintf("must be at most %d bytes", MaxParameterText))
	case strings.ContainsRune(text, 0):
		return FieldError("", "must not contain NUL")
	case p.MinLength != nil && length < *p.MinLength:
		return FieldError("", fmt.Sprintf("must be at least %d characters", *p.MinLength))
	case p.MaxLength != nil && length > *p.MaxLength:
		return FieldError("", fmt.Sprintf("must be at most %d characters", *p.MaxLength))
	}
	return nil
}

// Fill checks the values that were given and adds the defaults of those that were not. What is neither given nor has a default is left
// out. The error's pointer is into the values.
func (ps Parameters) Fill(values map[string]json.RawMessage) (map[string]json.RawMessage, error) {
	filled := make(map[string]json.RawMessage, len(ps))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		p, known := ps[name]
		if !known {
			return nil, FieldError("/"+pointerPart(name), "there is no such parameter")
		}
		if err := p.Accept(values[name]); err != nil {
			return nil, AsError(err).At("/" + name)
		}
		filled[name] = values[name]
	}
	for _, name := range slices.Sorted(maps.Keys(ps)) {
		if _, ok := filled[name]; ok {
			continue
		}
		switch p := ps[name]; {
		case given(p.Default):
			filled[name] = p.Default
		case p.Required:
			return nil, FieldError("/"+name, "is required")
		}
	}
	return filled, nil
}

// HasDefault reports whether the parameter has a value without being given one.
func (p Parameter) HasDefault() bool { return given(p.Default) }

// Sample is a value that the parameter takes.
func (p Parameter) Sample() json.RawMessage {
	switch p.Type {
	case ParameterNumber:
		n := 0.0
		if p.Minimum != nil && *p.Minimum > 0 {
			if n = math.Ceil(*p.Minimum); p.Maximum != nil && n > *p.Maximum {
				n = *p.Minimum
			}
		}
		if p.Maximum != nil && *p.Maximum < 0 {
			if n = math.Floor(*p.Maximum); p.Minimum != nil && n < *p.Minimum {
				n = *p.Maximum
			}
		}
		return json.RawMessage(ToJSON(n))
	case ParameterBoolean:
		return json.RawMessage("false")
	case ParameterEnum:
		return json.RawMessage(ToJSON(p.Values[0]))
	}
	text := "sample"
	if p.MaxLength != nil {
		text = text[:min(len(text), *p.MaxLength)]
	}
	if p.MinLength != nil {
		text += strings.Repeat("x", max(*p.MinLength-len(text), 0))
	}
	return json.RawMessage(ToJSON(text))
}

// Choices are all values that the parameter takes, of an enum or a boolean; otherwise nil.
func (p Parameter) Choices() (all []json.RawMessage) {
	switch p.Type {
	case ParameterBoolean:
		return []json.RawMessage{json.RawMessage("false"), json.RawMessage("true")}
	case ParameterEnum:
		for _, v := range p.Values {
			all = append(all, json.RawMessage(ToJSON(v)))
		}
	}
	return all
}

func given(raw json.RawMessage) bool {
	return len(raw) > 0 && string(raw) != "null"
}

// pointerPart is a name as a part of a JSON pointer.
func pointerPart(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(Shorten(name, 64))
}
