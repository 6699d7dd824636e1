package generation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Limits on what a model may write in one answer. They are tighter than a project's: people upload assets, a model
// writes source.
const (
	MaxOutputBytes     = 16 << 20 // of the complete answer, as JSON
	MaxOutputFiles     = 100      // written or deleted
	MaxOutputFileBytes = 1 << 20
	MaxTitleRunes      = 80
	MaxSummaryRunes    = 1000
)

// OutputSchemaName names the schema for providers that require a name.
const OutputSchemaName = "game_project"

// OutputSchema is the JSON Schema of a model's answer. It keeps to the subset that strict structured outputs accept
// everywhere: every object is closed and requires all of its properties.
const OutputSchema = `{
  "type": "object",
  "additionalProperties": false,
  "required": ["title", "summary", "files", "deleted"],
  "properties": {
    "title": {
      "type": "string",
      "description": "The game's name, at most 80 characters."
    },
    "summary": {
      "type": "string",
      "description": "What the game is, or what has changed, in one to three sentences for the player."
    },
    "files": {
      "type": "array",
      "description": "The files to write: all of a new project; of an existing one only those that are new or changed, each with its complete content.",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["path", "content"],
        "properties": {
          "path": {
            "type": "string",
            "description": "Relative path with forward slashes, for example src/main.js."
          },
          "content": {
            "type": "string",
            "description": "The complete text of the file."
          }
        }
      }
    },
    "deleted": {
      "type": "array",
      "description": "Paths of existing files that are to go; empty for a new project.",
      "items": {"type": "string"}
    }
  }
}`

// Answer is a model's answer, read and checked on its own but not yet against a project.
type Answer struct {
	Title   string
	Summary string
	Files   []models.File
	Deleted []string
}

// ParseAnswer reads a model's answer. Besides the bare JSON object it accepts one inside a fenced block or after some
// prose, which is what models without structured output write. Every error is a *models.Error with
// CodeProviderOutput: the answer is hostile until it has passed.
func ParseAnswer(raw []byte) (*Answer, error) {
	if len(raw) > MaxOutputBytes {
		return nil, badOutput("the answer is larger than 16 MiB")
	}
	if !utf8.Valid(raw) {
		return nil, badOutput("the answer is not UTF-8")
	}
	wire, ok := findAnswer(raw)
	if !ok {
		return nil, badOutput("the answer is not the JSON object that was asked for")
	}
	if len(wire.Files)+len(wire.Deleted) > MaxOutputFiles {
		return nil, badOutput("the answer changes more than 100 files")
	}
	if len(wire.Files)+len(wire.Deleted) == 0 {
		return nil, badOutput("the answer has no files")
	}
	out := &Answer{Title: oneLine(wire.Title, MaxTitleRunes), Summary: oneLine(wire.Summary, MaxSummaryRunes)}
	seen := make(map[string]bool, len(wire.Files)+len(wire.Deleted))
	for _, f := range wire.Files {
		if f.Path == nil || f.Content == nil {
			return nil, badOutput("a file of the answer lacks its path or its content")
		}
		if err := checkWritten(*f.Path, *f.Content); err != nil {
			return nil, err
		}
		if key := models.PathKey(*f.Path); seen[key] {
			return nil, badOutput("the answer has the path " + strconv.Quote(*f.Path) + " twice")
		} else {
			seen[key] = true
		}
		out.Files = append(out.Files, models.File{Path: *f.Path, Data: []byte(*f.Content)})
	}
	for _, p := range wire.Deleted {
		if err := models.CheckPath(p); err != nil {
			return nil, badOutputFrom("the answer deletes a file outside the project", err)
		}
		if key := models.PathKey(p); seen[key] {
			return nil, badOutput("the answer has the path " + strconv.Quote(p) + " twice")
		} else {
			seen[key] = true
		}
		out.Deleted = append(out.Deleted, p)
	}
	return out, nil
}

// Apply puts the answer over the request's current files: what it writes replaces or joins them, what it deletes goes,
// everything else stays, so that a model need not repeat a project to change a line. Deleting what is not there is no
// error. The result is sorted by path, within a project's limits, and has passed the engine's own planning: it has an
// entry that can be built. An answer that fails any of this is a *models.Error with CodeProviderOutput.
func (a *Answer) Apply(req Request) ([]models.File, error) {
	merged := make(map[string][]byte, len(req.Files)+len(a.Files))
	for _, f := range req.Files {
		merged[f.Path] = f.Data
	}
	for _, p := range a.Deleted {
		delete(merged, p)
	}
	for _, f := range a.Files {
		merged[f.Path] = f.Data
	}
	files := make([]models.File, 0, len(merged))
	for p, data := range merged {
		files = append(files, models.File{Path: p, Data: data})
	}
	slices.SortFunc(files, func(a, b models.File) int { return strings.Compare(a.Path, b.Path) })
	if err := models.CheckFiles(files); err != nil {
		return nil, badOutputFrom("the answer does not make a valid project", err)
	}
	if _, err := req.Engine.Plan(engines.BuildRequest{Title: a.Title, Files: files, Mode: engines.Preview}); err != nil {
		if _, ok := errors.AsType[*models.Error](err); !ok {
			return nil, fmt.Errorf("plan the generated project: %w", err)
		}
		return nil, badOutputFrom("the answer does not make a project that can be built", err)
	}
	return files, nil
}

// wireOutput is the answer as it is written. Pointers tell a missing field from an empty one.
type wireOutput struct {
	Title   string     `json:"title"`
	Summary string     `json:"summary"`
	Files   []wireFile `json:"files"`
	Deleted []string   `json:"deleted"`
}

type wireFile struct {
	Path    *string `json:"path"`
	Content *string `json:"content"`
}

// findAnswer looks for the answer in the whole text, then in its fenced blocks, then from the first line that opens an
// object.
func findAnswer(raw []byte) (*wireOutput, bool) {
	if out, ok := decodeAnswer(raw); ok {
		return out, true
	}
	// Reasoning models on compatible servers think aloud first.
	if i := bytes.LastIndex(raw, []byte("</think>")); i >= 0 && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<think>")) {
		raw = raw[i+len("</think>"):]
		if out, ok := decodeAnswer(raw); ok {
			return out, true
		}
	}
	for _, block := range fencedBlocks(raw) {
		if out, ok := decodeAnswer(block); ok {
			return out, true
		}
	}
	const tries = 4 // each is linear in the answer
	for range tries {
		i := objectStart(raw)
		if i < 0 {
			break
		}
		raw = raw[i:]
		var value json.RawMessage
		if json.NewDecoder(bytes.NewReader(raw)).Decode(&value) == nil {
			if out, ok := decodeAnswer(value); ok {
				return out, true
			}
		}
		raw = raw[1:]
	}
	return nil, false
}

func decodeAnswer(raw []byte) (*wireOutput, bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return nil, false
	}
	var out wireOutput
	if json.Unmarshal(raw, &out) != nil || out.Files == nil && out.Deleted == nil {
		return nil, false
	}
	return &out, true
}

// fencedBlocks returns the insides of the Markdown code fences. A fence begins a line, which no JSON string can
// contain, so that fences in a file's content cannot be taken for one.
func fencedBlocks(raw []byte) [][]byte {
	var blocks [][]byte
	start, pos := -1, 0
	for line := range bytes.Lines(raw) {
		if bytes.HasPrefix(line, []byte("```")) {
			if start < 0 {
				start = pos + len(line)
			} else {
				blocks = append(blocks, raw[start:pos])
				start = -1
			}
		}
		pos += len(line)
	}
	return blocks
}

// objectStart is the offset of the first line that begins with "{", or -1.
func objectStart(raw []byte) int {
	if len(raw) > 0 && raw[0] == '{' {
		return 0
	}
	if i := bytes.Index(raw, []byte("\n{")); i >= 0 {
		return i + 1
	}
	return -1
}

// writable are the types of files that a model may write: text that an engine's build reads or a browser loads.
var writable = map[string]bool{
	".html": true, ".htm": true, ".css": true, ".svg": true, ".xml": true, ".webmanifest": true,
	".js": true, ".mjs": true, ".cjs": true, ".jsx": true, ".ts": true, ".mts": true, ".tsx": true,
	".json": true, ".csv": true, ".txt": true, ".md": true, ".yaml": true, ".yml": true,
	".glsl": true, ".vert": true, ".frag": true, ".wgsl": true,
	".go": true, ".gd": true, ".tscn": true, ".tres": true, ".godot": true, ".cfg": true, ".import": true, ".shader": true,
	".tmj": true, ".tsj": true, ".tmx": true, ".fnt": true, ".atlas": true,
}

// checkWritten checks one file that a model writes.
func checkWritten(p, content string) error {
	if err := models.CheckPath(p); err != nil {
		return badOutputFrom("the answer writes a file outside the project", err)
	}
	for part := range strings.SplitSeq(p, "/") {
		// Such files configure tools, or could replace the engine's code.
		if strings.HasPrefix(part, ".") || strings.EqualFold(part, "node_modules") {
			return badOutput("the answer writes the reserved path " + strconv.Quote(p))
		}
	}
	if !writable[strings.ToLower(path.Ext(p))] {
		return badOutput("the answer writes " + strconv.Quote(p) + ", which is not a type of file that a model may write")
	}
	if len(content) > MaxOutputFileBytes {
		return badOutput("the answer's file " + strconv.Quote(p) + " is larger than 1 MiB")
	}
	if strings.ContainsRune(content, 0) {
		return badOutput("the answer's file " + strconv.Quote(p) + " is not text")
	}
	return nil
}

// oneLine makes a model's words fit to show: no control characters, single spaces, cut at most runes.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		if unicode.Is(unicode.Cf, r) && r != '\u200d' { // joiners make emoji
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		s = strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return s
}

func badOutput(message string) *models.Error {
	return models.NewError(models.CodeProviderOutput, message)
}

// badOutputFrom keeps the safe message of the error that says what is wrong.
func badOutputFrom(message string, err error) *models.Error {
	if e := (*models.Error)(nil); errors.As(err, &e) {
		message += ": " + e.Message
	}
	return models.WrapError(models.CodeProviderOutput, message, err)
}
