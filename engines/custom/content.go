package custom

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"debug/pe"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// isGame is the kind that is checked of all outputs together, as the platform's own web engines are.
const isGame = "game"

// content tells by its kind what is wrong with a file; "" is nothing. The bytes come out of the sandbox: whatever they
// are, the answer comes soon.
var content = map[string]func(f models.File, all []models.File) string{
	isGame: nil,
	"any":  func(f models.File, _ []models.File) string { return unless(len(f.Data) > 0, "is empty") },
	"html": checkHTML,
	"json": func(f models.File, _ []models.File) string { return unless(json.Valid(f.Data), "is no JSON") },
	"wasm": func(f models.File, _ []models.File) string { return checkWASM(f.Data) },
	"zip":  func(f models.File, _ []models.File) string { return checkZIP(f.Data) },
	"elf":  func(f models.File, _ []models.File) string { return checkELF(f.Data) },
	"exe":  func(f models.File, _ []models.File) string { return checkEXE(f.Data) },
}

func kindsOfContent() string { return strings.Join(slices.Sorted(maps.Keys(content)), ", ") }

func unless(ok bool, why string) string {
	if ok {
		return ""
	}
	return why
}

// checkHTML wants a page all of whose own files are there. What its scripts load is not known.
func checkHTML(f models.File, all []models.File) string {
	if !bytes.Contains(f.Data, []byte("<")) {
		return "is no page"
	}
	there := make(map[string]bool, len(all))
	for _, o := range all {
		there[o.Path] = true
	}
	wrong := ""
	_, err := page.Walk(f.Data, func(n *page.Node) (string, bool) {
		for attr, ref := range n.Refs() {
			r, local := page.Local(ref)
			switch {
			case !local || wrong != "":
			case r.Rooted:
				wrong = fmt.Sprintf("names %q (<%s %s>), which is not relative to the page", ref, n.Tag, attr)
			case !there[path.Join(path.Dir(f.Path), r.Path)]:
				wrong = fmt.Sprintf("names %q (<%s %s>), which is not in the output", ref, n.Tag, attr)
			}
		}
		return "", false
	})
	if err != nil {
		return "is no page: " + err.Error()
	}
	return wrong
}

// checkWASM wants a module of version 1 whose sections fit, one of them code. See the specification's binary format.
func checkWASM(data []byte) string {
	rest, ok := bytes.CutPrefix(data, []byte("\x00asm\x01\x00\x00\x00"))
	if !ok {
		return "is no WebAssembly module"
	}
	const code, last = 10, 13
	hasCode := false
	for len(rest) > 0 {
		id := rest[0]
		size, n := binary.Uvarint(rest[1:])
		if id > last || n <= 0 || n > 5 || size > uint64(len(rest)-1-n) {
			return "is a WebAssembly module that is cut off or damaged"
		}
		hasCode = hasCode || id == code && size > 0
		rest = rest[1+n+int(size):]
	}
	return unless(hasCode, "is a WebAssembly module without code")
}

func checkZIP(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "is no zip archive"
	}
	return unless(len(z.File) > 0, "is an empty zip archive")
}

func checkELF(data []byte) string {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return "is no Linux program"
	}
	return unless((f.Type == elf.ET_EXEC || f.Type == elf.ET_DYN) && len(f.Progs) > 0, "is no Linux program that can be started")
}

func checkEXE(data []byte) string {
	f, err := pe.NewFile(bytes.NewReader(data))
	if err != nil || !bytes.HasPrefix(data, []byte("MZ")) {
		return "is no Windows program"
	}
	return unless(f.Characteristics&pe.IMAGE_FILE_EXECUTABLE_IMAGE != 0 && len(f.Sections) > 0, "is no Windows program that can be started")
}
