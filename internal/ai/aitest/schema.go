package aitest

import (
	"fmt"
	"slices"
)

// checkStrict checks a schema against the rules of strict structured outputs: every object closed, all of its properties
// required, and no keyword beyond the common subset.
func checkStrict(at string, v any, everyRequired bool) error {
	schema, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: a schema is an object", at)
	}
	for name := range schema {
		if !schemaKeywords[name] {
			return fmt.Errorf("%s: %q is not permitted", at, name)
		}
	}
	switch schema["type"] {
	case "string", "integer", "number", "boolean":
		return nil
	case "array":
		return checkStrict(at+".items", schema["items"], everyRequired)
	case "object":
	default:
		return fmt.Errorf("%s: type %v", at, schema["type"])
	}
	if schema["additionalProperties"] != false {
		return fmt.Errorf("%s: 'additionalProperties' is required to be supplied and to be false", at)
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for name, property := range properties {
		if everyRequired && !slices.Contains(required, any(name)) {
			return fmt.Errorf("%s: 'required' must include every key in properties, missing %q", at, name)
		}
		if err := checkStrict(at+"."+name, property, everyRequired); err != nil {
			return err
		}
	}
	for _, name := range required {
		if _, ok := properties[fmt.Sprint(name)]; !ok {
			return fmt.Errorf("%s: required property %v is not defined", at, name)
		}
	}
	return nil
}

var schemaKeywords = map[string]bool{
	"type": true, "properties": true, "required": true, "additionalProperties": true, "items": true,
	"description": true, "enum": true, "title": true,
}
