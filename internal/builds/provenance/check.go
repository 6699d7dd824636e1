package provenance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MismatchError says how files differ from those of a statement.
type MismatchError struct {
	Changed, Missing, Extra []string
}

func (e *MismatchError) Error() string {
	var parts []string
	for _, p := range []struct {
		what  string
		names []string
	}{{"changed", e.Changed}, {"missing", e.Missing}, {"not part of it", e.Extra}} {
		if n := len(p.names); n > 0 {
			shown := make([]string, 0, 5)
			for _, name := range p.names[:min(n, 5)] {
				shown = append(shown, fmt.Sprintf("%q", name))
			}
			more := ""
			if n > len(shown) {
				more = fmt.Sprintf(" and %d more", n-len(shown))
			}
			parts = append(parts, p.what+": "+strings.Join(shown, ", ")+more)
		}
	}
	return "the files are not those of the provenance; " + strings.Join(parts, "; ")
}

// compare compares the files found with those of the statement; both are path → hex SHA-256.
func compare(stated, found map[string]string) error {
	e := &MismatchError{}
	for _, name := range slices.Sorted(maps.Keys(stated)) {
		if sum, ok := found[name]; !ok {
			e.Missing = append(e.Missing, name)
		} else if sum != stated[name] {
			e.Changed = append(e.Changed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if _, ok := stated[name]; !ok {
			e.Extra = append(e.Extra, name)
		}
	}
	if len(e.Changed)+len(e.Missing)+len(e.Extra) == 0 {
		return nil
	}
	return e
}

// CheckFiles reports whether the artifact's files, path → hex SHA-256, are those of the statement: all of them, and no other.
func (s *Statement) CheckFiles(found map[string]string) error { return compare(s.Files, found) }

// CheckFolder is CheckFiles for a folder into which an artifact was unpacked.
func (s *Statement) CheckFolder(found map[string]string) error {
	if len(s.Contents) > 0 {
		return compare(s.Contents, found)
	}
	return compare(s.Files, found)
}

// CheckOne reports whether the statement is about exactly one file, and that is this one, whatever its name is now.
func (s *Statement) CheckOne(name, sha256 string) error {
	if len(s.Files) == 1 {
		for _, stated := range s.Files {
			if stated == sha256 {
				return nil
			}
		}
		return &MismatchError{Changed: []string{name}}
	}
	return fmt.Errorf("the provenance is of %d files, and %q is one", len(s.Files), name)
}
