package protocol

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/spark-games/spark/engines"
)

// Greeting is the payload of Hello.
type Greeting struct {
	Version int `json:"version"`
	// Isolation is how the agent has confined itself: a local process does, one in a container does not.
	Isolation engines.Isolation `json:"isolation,omitzero"`
}

// Spec is the payload of Start: what to do with the files that follow.
type Spec struct {
	Plan engines.Plan `json:"plan"`
	// Toolchain is the folder, as the agent sees it, whose node_modules the project may import from.
	Toolchain string `json:"toolchain,omitempty"`
	// Work is an empty folder for a command's workspace, as the agent sees it; "" lets the agent choose.
	Work string `json:"work,omitempty"`
	// ModuleURLs maps the plan's shared specifiers to what the import map says of them.
	ModuleURLs map[string]string `json:"module_urls,omitempty"`
	// Last says that no other job follows: the agent need not get ready for one, and ends.
	Last bool `json:"last,omitempty"`
	// Files and Bytes are how much input follows, exactly.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

// Step is the payload of Progress.
type Step struct {
	Stage    string  `json:"stage"`
	Fraction float64 `json:"fraction"` // 0 to 1
}

// Outcome is how a job ended, as the agent sees it.
type Outcome string

// The outcomes.
const (
	Succeeded      Outcome = "succeeded"
	CompileFailed  Outcome = "compile_failed" // the diagnostics say why
	OutputTooLarge Outcome = "output_too_large"
	InvalidOutput  Outcome = "invalid_output" // something that is no plain file, or has no proper name; the diagnostics say what
	OutOfMemory    Outcome = "out_of_memory"
	Failed         Outcome = "failed" // a fault of the agent or its host; the message says which
)

// Valid reports whether the outcome is known.
func (o Outcome) Valid() bool {
	switch o {
	case Succeeded, CompileFailed, OutputTooLarge, InvalidOutput, OutOfMemory, Failed:
		return true
	}
	return false
}

// End is the payload of Done.
type End struct {
	Outcome Outcome `json:"outcome"`
	Message string  `json:"message,omitempty"`
	// Retire says that the agent cannot vouch for what the job left behind: no other job may follow on this connection.
	Retire bool `json:"retire,omitempty"`
}

// Encode makes the JSON payload of a message.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Decode reads the JSON payload of a frame.
func Decode[T any](f Frame) (T, error) {
	var v T
	if err := json.Unmarshal(f.Payload, &v); err != nil {
		return v, fmt.Errorf("%w: %s: %w", ErrBadPayload, f.Type, err)
	}
	return v, nil
}

// FileHead is the payload of FileBegin.
func FileHead(path string, size int64) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(path)), uint64(size)), path...)
}

// ParseFileHead reads the payload of FileBegin. The path is not checked.
func ParseFileHead(f Frame) (path string, size int64, err error) {
	if len(f.Payload) < 9 {
		return "", 0, fmt.Errorf("%w: file begin of %d bytes", ErrBadPayload, len(f.Payload))
	}
	n := binary.BigEndian.Uint64(f.Payload)
	if n > 1<<62 {
		return "", 0, fmt.Errorf("%w: file of %d bytes", ErrBadPayload, n)
	}
	return string(f.Payload[8:]), int64(n), nil
}

// SendFile writes one whole file.
func SendFile(w *Writer, path string, data []byte) error {
	if err := w.Send(FileBegin, FileHead(path, int64(len(data)))); err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	for len(data) > 0 {
		n := min(len(data), MaxPayload)
		if err := w.Send(FileChunk, data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return w.Send(FileEnd, sum[:])
}
