// Package report says what a run of the fault suite has found: one result for each segment, which add up.
package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/spark-games/spark/tests/faults/checker"
)

// Result is what one segment has found. Results of several segments can be merged.
type Result struct {
	Seed     uint64    `json:"seed"`
	Broken   string    `json:"broken,omitempty"` // what was left out of the programs on purpose
	AOF      bool      `json:"aof"`
	Sentinel bool      `json:"sentinel"`
	Docker   bool      `json:"docker"`
	Started  time.Time `json:"started"`
	Seconds  float64   `json:"seconds"`
	Machine  string    `json:"machine"`
	Version  string    `json:"version"`

	Jobs         int            `json:"jobs"` // that clients were told are accepted
	Ends         map[string]int `json:"ends"`
	Unanswered   int            `json:"unanswered"`
	Excused      int            `json:"excused"`
	Reconnects   int            `json:"reconnects"`
	Redeliveries int            `json:"redeliveries"`
	Fenced       int            `json:"fenced"`
	LostLeases   int            `json:"lost_leases"`

	Faults   map[string]int       `json:"faults"`
	Recovery map[string][]float64 `json:"recovery"` // seconds, by the type of the fault: see Recoveries
	Aims     map[string][]float64 `json:"aims"`     // seconds, by what there is an aim for

	Violations []checker.Violation `json:"violations,omitempty"`
}

// Append adds a result to a file of them, one a line.
func Append(path string, r Result) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(json.NewEncoder(f).Encode(r), f.Close())
}

// Load reads a file of results; none if there is no file.
func Load(path string) (all []Result, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dec := json.NewDecoder(bufio.NewReader(f))
	for dec.More() {
		var r Result
		if err := dec.Decode(&r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}
