// Package backup writes everything that a platform has stored into one file, and restores it: the rows of the database and the files
// that they refer to, as of one moment, while the platform runs. The file is the same for Postgres and SQLite, so that it also moves
// a platform from one to the other.
//
// It is a tar file. "backup.json" says what it is and which tables follow; "tables/NAME/N.jsonl.gz" are rows, a JSON array each;
// "files/DIGEST" are the files; "end.json" counts them and has the SHA-256 of all that precedes. A file without its end is not a backup.
package backup

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
)

// version of the format. A reader refuses higher ones.
const version = 1

// Names of the entries.
const (
	headerName = "backup.json"
	tablePath  = "tables/"
	filePath   = "files/"
	endName    = "end.json"
)

// header is the first entry.
type header struct {
	Format        int           `json:"format"`
	RecoveryPoint time.Time     `json:"recovery_point"`
	Platform      string        `json:"platform"`
	Migrations    []int64       `json:"migrations"`
	Tables        []store.Table `json:"tables"`
	Modules       []blob.Module `json:"modules"` // which of the files are engine modules, and their names
}

// end is the last entry.
type end struct {
	Rows    int64    `json:"rows"`
	Files   int64    `json:"files"`
	Bytes   int64    `json:"bytes"` // of the files
	Missing []string `json:"missing"`
	SHA256  string   `json:"sha256"`
}

// Report is what a backup has, or what was restored.
type Report struct {
	File          string        `json:"file"`
	RecoveryPoint time.Time     `json:"recovery_point"` // what was committed before is in it
	Schema        int64         `json:"schema"`         // its newest migration
	Tables        int           `json:"tables"`
	Rows          int64         `json:"rows"`
	Files         int64         `json:"files"`
	Bytes         int64         `json:"bytes"`   // of the files
	Missing       []string      `json:"missing"` // digests of files that were missing or damaged when it was made
	Took          time.Duration `json:"took_ns"`
}

func report(file string, h *header, e *end, began time.Time) Report {
	r := Report{File: file, RecoveryPoint: h.RecoveryPoint, Tables: len(h.Tables), Rows: e.Rows, Files: e.Files, Bytes: e.Bytes,
		Missing: append([]string{}, e.Missing...), Took: time.Since(began)}
	for _, m := range h.Migrations {
		r.Schema = max(r.Schema, m)
	}
	return r
}

// note adds an entry to the sum of the file: its name, its size, and then its content by whoever copies it.
func note(sum hash.Hash, name string, size int64) { fmt.Fprintf(sum, "%s %d\n", name, size) }

// encode appends a row as one line. Text is a string; if it is not UTF-8, it is an array with its bytes in base64.
func encode(line []byte, columns []store.Column, values []any) ([]byte, error) {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
		switch v := v.(type) {
		case string:
			if !utf8.ValidString(v) {
				out[i] = []string{base64.StdEncoding.EncodeToString([]byte(v))}
			}
		case time.Time:
			out[i] = v.UTC().Format(time.RFC3339Nano)
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("a row with %d columns: %w", len(columns), err)
	}
	return append(append(line, text...), '\n'), nil
}

// decode is the inverse of encode.
func decode(line []byte, columns []store.Column) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, damaged(err)
	}
	if len(raw) != len(columns) {
		return nil, damaged(fmt.Errorf("a row has %d values instead of %d", len(raw), len(columns)))
	}
	values := make([]any, len(raw))
	for i, r := range raw {
		var err error
		if values[i], err = value(r, columns[i].Kind); err != nil {
			return nil, damaged(fmt.Errorf("column %s: %w", columns[i].Name, err))
		}
	}
	return values, nil
}

func value(raw json.RawMessage, kind store.ColumnKind) (any, error) {
	if string(raw) == "null" {
		return nil, nil //nolint:nilnil // NULL
	}
	switch kind {
	case store.KindInteger:
		return parse[int64](raw)
	case store.KindReal:
		return parse[float64](raw)
	case store.KindBoolean:
		return parse[bool](raw)
	case store.KindBytes:
		return parse[[]byte](raw)
	case store.KindTime:
		return parse[time.Time](raw)
	case store.KindText:
		if raw[0] != '[' {
			return parse[string](raw)
		}
		bytes, err := parse[[1][]byte](raw)
		if err != nil {
			return nil, err
		}
		return string(bytes.([1][]byte)[0]), nil
	}
	return nil, fmt.Errorf("unknown kind %q", kind)
}

func parse[T any](raw json.RawMessage) (any, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}

// damaged is the error of a file that is not a whole backup.
func damaged(err error) error {
	return models.WrapError(models.CodeDamaged, "the file is not a whole backup", err)
}

// limited reads an entry that has to be held in memory.
func limited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("an entry is larger than %d bytes", limit)
	}
	return data, err
}
