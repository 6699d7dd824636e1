package custom

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"debug/pe"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// isGame is the kind that is checked of all outputs together, as the platform's own web engines are.
const isGame = "game"

// file is a file of the outputs, open.
type file struct {
	models.ManifestEntry
	io.ReaderAt
}

// judge says what is wrong with a file; "" for nothing. The bytes come from the sandbox: whatever they are, it is fast and takes
// little memory.
type judge func(f file, all models.Manifest) string

// content has the judges of each kind.
var content = map[string]judge{
	isGame: nil,
	"any":  func(f file, _ models.Manifest) string { return unless(f.Size > 0, "is empty") },
	"html": checkHTML,
	"json": checkJSON,
	"wasm": checkWASM,
	"zip":  checkZIP,
	"elf":  checkELF,
	"exe":  checkEXE,
}

// maxWhole is the largest file that is read into memory to be checked.
const maxWhole = 32 << 20

// whole is a file's content; if it is too large or cannot be read, why says so.
func (f file) whole() (data []byte, why string) {
	if f.Size > maxWhole {
		return nil, fmt.Sprintf("is larger than the %d MiB that are checked", maxWhole>>20)
	}
	data = make([]byte, f.Size)
	if n, err := f.ReadAt(data, 0); int64(n) < f.Size {
		return nil, fmt.Sprintf("cannot be read: %v", err)
	}
	return data, ""
}

func checkJSON(f file, _ models.Manifest) string {
	data, why := f.whole()
	if why != "" {
		return why
	}
	return unless(json.Valid(data), "is no JSON")
}

func kindsOfContent() string { return strings.Join(slices.Sorted(maps.Keys(content)), ", ") }

func unless(ok bool, why string) string {
	if ok {
		return ""
	}
	return why
}

// checkHTML requires a page whose own files all exist. What its scripts load is unknown.
func checkHTML(f file, all models.Manifest) string {
	data, why := f.whole()
	if why != "" {
		return why
	}
	if !bytes.Contains(data, []byte("<")) {
		return "is no page"
	}
	there := make(map[string]bool, len(all))
	for _, o := range all {
		there[o.Path] = true
	}
	wrong := ""
	_, err := page.Walk(data, func(n *page.Node) (string, bool) {
		for _, ref := range n.Refs() {
			r, local := page.Local(ref.URL)
			switch {
			case !local || wrong != "":
			case r.Rooted:
				wrong = fmt.Sprintf("names %q (<%s %s>), which is not relative to the page", ref.URL, n.Tag, ref.Attr)
			case !there[path.Join(path.Dir(f.Path), r.Path)]:
				wrong = fmt.Sprintf("names %q (<%s %s>), which is not in the output", ref.URL, n.Tag, ref.Attr)
			}
		}
		return "", false
	})
	if err != nil {
		return "is no page: " + err.Error()
	}
	return wrong
}

// checkWASM requires a module of version 1 whose sections fit, including code. See the binary format in the specification.
func checkWASM(f file, _ models.Manifest) string {
	head := make([]byte, 8)
	if n, _ := f.ReadAt(head, 0); n < len(head) || string(head) != "\x00asm\x01\x00\x00\x00" {
		return "is no WebAssembly module"
	}
	const code, last, most = 10, 13, 10_000
	const damaged = "is a WebAssembly module that is cut off or damaged"
	hasCode, sections := false, 0
	head = head[:6] // the id and the size
	for at := int64(8); at < f.Size; {
		got, _ := f.ReadAt(head[:min(int64(len(head)), f.Size-at)], at)
		if got < 2 {
			return damaged
		}
		id := head[0]
		size, n := binary.Uvarint(head[1:got])
		if id > last || n <= 0 || int64(size) > f.Size-at-1-int64(n) {
			return damaged
		}
		if sections++; sections > most {
			return fmt.Sprintf("is a WebAssembly module of more than %d sections", most)
		}
		hasCode = hasCode || id == code && size > 0
		at += 1 + int64(n) + int64(size)
	}
	return unless(hasCode, "is a WebAssembly module without code")
}

func checkZIP(f file, _ models.Manifest) string {
	z, err := zip.NewReader(f, f.Size)
	if err != nil {
		return "is no zip archive"
	}
	return unless(len(z.File) > 0, "is an empty zip archive")
}

func checkELF(f file, _ models.Manifest) string {
	p, err := elf.NewFile(f)
	if err != nil {
		return "is no Linux program"
	}
	return unless((p.Type == elf.ET_EXEC || p.Type == elf.ET_DYN) && len(p.Progs) > 0, "is no Linux program that can be started")
}

func checkEXE(f file, _ models.Manifest) string {
	head := make([]byte, 2)
	_, _ = f.ReadAt(head, 0)
	p, err := pe.NewFile(f)
	if err != nil || string(head) != "MZ" {
		return "is no Windows program"
	}
	return unless(p.Characteristics&pe.IMAGE_FILE_EXECUTABLE_IMAGE != 0 && len(p.Sections) > 0, "is no Windows program that can be started")
}
