package models

import (
	"database/sql/driver"
	"encoding/json"
)

// Labels are what an app notes about a thing, by name, stored as a JSON object with its names in order.
type Labels map[string]string

// Value implements driver.Valuer.
func (l Labels) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "{}", nil
	}
	b, err := json.Marshal(map[string]string(l))
	return string(b), err
}

// Scan implements sql.Scanner.
func (l *Labels) Scan(src any) error {
	var raw JSON
	*l = nil
	if err := raw.Scan(src); err != nil || len(raw) == 0 {
		return err
	}
	return json.Unmarshal(raw, (*map[string]string)(l))
}
