package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// JSON is a raw JSON value that is stored as it is. The zero value is SQL NULL and JSON null.
type JSON []byte

// MarshalJSON returns the raw value.
func (j JSON) MarshalJSON() ([]byte, error) {
	if len(j) == 0 {
		return []byte("null"), nil
	}
	return j, nil
}

// UnmarshalJSON keeps the raw value.
func (j *JSON) UnmarshalJSON(b []byte) error {
	*j = append((*j)[:0], b...)
	return nil
}

// Value implements driver.Valuer.
func (j JSON) Value() (driver.Value, error) {
	if len(j) == 0 {
		return nil, nil
	}
	return string(j), nil
}

// Scan implements sql.Scanner.
func (j *JSON) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*j = nil
	case string:
		*j = JSON(v)
	case []byte:
		*j = append(JSON(nil), v...)
	default:
		return fmt.Errorf("JSON column holds a %T", src)
	}
	return nil
}

// ToJSON encodes v, which must be encodable, such as a struct of this module.
func ToJSON(v any) JSON {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("models: value cannot be encoded: %v", err))
	}
	return b
}

// With returns the object with one more field, or an error if the value is not an object. An empty value is an empty object.
func (j JSON) With(name string, value any) (JSON, error) {
	object := make(map[string]json.RawMessage)
	if len(j) > 0 {
		if err := json.Unmarshal(j, &object); err != nil {
			return nil, fmt.Errorf("add %q to a JSON object: %w", name, err)
		}
	}
	object[name] = json.RawMessage(ToJSON(value))
	return ToJSON(object), nil
}
