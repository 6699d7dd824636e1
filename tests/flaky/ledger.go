package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ledger remembers how often each test has run and failed, in a file that is written after every batch.
type ledger struct {
	path string
	code map[string]string // digests of the current code, by package

	Tests map[string]*record `json:"tests"` // by test.id
}

// record is the history of one test.
type record struct {
	Code     string `json:"code"` // digest of what ran
	Runs     int    `json:"runs"`
	Failures int    `json:"failures"`
	// Seconds is how long its shortest run took.
	Seconds float64 `json:"seconds"`
	// Done says that no more runs are needed: the test is not built on this system, or its package cannot be run.
	Done bool `json:"done,omitempty"`
}

// openLedger starts an empty ledger, or continues the last one. Runs of different code are dropped test by test, so that a fix
// repeats only what it may have changed.
func openLedger(path string, code map[string]string, resume bool) (*ledger, error) {
	l := &ledger{path: path, code: code, Tests: make(map[string]*record)}
	if !resume {
		return l, errors.Join(os.RemoveAll(l.failures()), l.save())
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return l, l.save()
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, l); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return l, nil
}

// of returns the record of a test for its current code.
func (l *ledger) of(t test) *record {
	r := l.Tests[t.id()]
	if r == nil || r.Code != l.code[t.Package] {
		r = &record{Code: l.code[t.Package]}
		l.Tests[t.id()] = r
	}
	return r
}

// failures is the folder for the output of failing tests.
func (l *ledger) failures() string { return filepath.Join(filepath.Dir(l.path), "failures") }

// keep stores the output of a failing test.
func (l *ledger) keep(t test, run int, output string) error {
	name := strings.NewReplacer("./", "", "/", "_", " ", ".").Replace(t.id())
	if err := os.MkdirAll(l.failures(), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(l.failures(), fmt.Sprintf("%s.%d.log", name, run)), []byte(output), 0o644)
}

// save replaces the file atomically, so that a kill leaves the old one or the new one.
func (l *ledger) save() error {
	raw, err := json.MarshalIndent(l, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(l.path+".new", raw, 0o644); err != nil {
		return err
	}
	return os.Rename(l.path+".new", l.path)
}
