package models

import (
	"database/sql/driver"
	"encoding/json"
)

// IDs is a list of ids, stored as a JSON array.
type IDs []string

// IDsOf lists the ids that are not empty.
func IDsOf(ids ...string) IDs {
	var list IDs
	for _, id := range ids {
		if id != "" {
			list = append(list, id)
		}
	}
	return list
}

// Value implements driver.Valuer.
func (i IDs) Value() (driver.Value, error) {
	if len(i) == 0 {
		return "[]", nil
	}
	b, err := json.Marshal([]string(i))
	return string(b), err
}

// Scan implements sql.Scanner.
func (i *IDs) Scan(src any) error {
	var raw JSON
	if err := raw.Scan(src); err != nil || len(raw) == 0 {
		*i = nil
		return err
	}
	return json.Unmarshal(raw, i)
}
