package custom

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"os"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// module is a WebAssembly module with an empty function.
var module = []byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x04\x01\x02\x00\x0b")

func archive(t testing.TB, names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// object is a Linux object file, which is no program: this program's beginning with another type.
func object(program []byte) []byte {
	b := bytes.Clone(program)
	b[16] = byte(elf.ET_REL)
	return b
}

// windows is a program for Windows as small as the parser takes it.
func windows(characteristics byte) []byte {
	b := make([]byte, 0x200)
	copy(b, "MZ")
	b[0x3c] = 0x40
	copy(b[0x40:], "PE\x00\x00\x64\x86\x01\x00") // x86-64, one section
	b[0x40+4+16] = 0                             // no optional header
	b[0x40+4+18] = characteristics
	copy(b[0x40+4+20:], ".text")
	return b
}

// opened is a file of the outputs.
func opened(path string, data []byte) file {
	return file{models.ManifestEntry{Path: path, Size: int64(len(data))}, bytes.NewReader(data)}
}

func TestContent(t *testing.T) {
	t.Parallel()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Skip("no program to look at: ", err)
	}
	for _, tt := range []struct {
		is, path string
		data     []byte
		wrong    string
	}{
		{"any", "x", []byte("x"), ""},
		{"any", "x", nil, "is empty"},
		{"json", "x", []byte(`{"a": 1}`), ""},
		{"json", "x", []byte(`{"a": 1`), "is no JSON"},
		{"wasm", "x", module, ""},
		{"wasm", "x", module[:8], "without code"},
		{"wasm", "x", module[:len(module)-1], "cut off"},
		{"wasm", "x", append(bytes.Clone(module), 99, 0), "cut off or damaged"},
		{"wasm", "x", []byte("<html>"), "is no WebAssembly"},
		{"zip", "x", archive(t, "a"), ""},
		{"zip", "x", archive(t), "is an empty zip"},
		{"zip", "x", []byte("PK\x03\x04"), "is no zip"},
		{"elf", "x", self, ""},
		{"elf", "x", self[:100], "is no Linux program"},
		{"elf", "x", object(self), "that can be started"},
		{"exe", "x", windows(2), ""},
		{"exe", "x", windows(0), "that can be started"},
		{"exe", "x", self, "is no Windows program"},
		{"html", "index.html", []byte(`<script src="a.js"></script><img src="https://x/y.png">`), ""},
		{"html", "index.html", []byte(`<script src="b.js"></script>`), `names "b.js" (<script src>), which is not in the output`},
		{"html", "index.html", []byte(`<script src="/a.js"></script>`), "not relative"},
		{"html", "sub/page.html", []byte(`<script src="c.js"></script>`), ""},
		{"html", "sub/page.html", []byte(`<script src="a.js"></script>`), "not in the output"},
		{"html", "index.html", []byte("hello"), "is no page"},
	} {
		got := content[tt.is](opened(tt.path, tt.data), models.Manifest{{Path: "a.js"}, {Path: "sub/c.js"}})
		if (got == "") != (tt.wrong == "") || !strings.Contains(got, tt.wrong) {
			t.Errorf("%s of %.20q: %q, want %q", tt.is, tt.data, got, tt.wrong)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	e := load(t, good)
	page := models.File{Path: "index.html", Data: []byte(`<script src="game.js"></script>`)}
	files := []models.File{page, {Path: "game.js", Data: []byte("1")}, {Path: "bin/game.wasm", Data: module}}
	req := engines.BuildRequest{Mode: engines.Release}
	if err := e.Verify(req, engines.InMemory(files)); err != nil {
		t.Error(err)
	}
	with := func(more ...models.File) []models.File { return append(more, files...) }
	for name, outputs := range map[string][]models.File{
		"nothing": nil, "no page": files[1:], "no script": {page, files[2]}, "no module": files[:2],
		"page elsewhere": {{Path: "web/index.html", Data: []byte("<p>")}, files[1], files[2]},
		"hostile name":   with(models.File{Path: "../x"}), "collision": with(models.File{Path: "GAME.js"}),
		"file and folder": with(models.File{Path: "bin"}), "a bad one beside": with(models.File{Path: "other.wasm", Data: []byte("x")}),
	} {
		if err := e.Verify(req, engines.InMemory(outputs)); models.CodeOf(err) != models.CodeInvalidOutput {
			t.Errorf("%s: %v", name, err)
		}
	}
	game := load(t, strings.Replace(good, "is: html", "is: game", 1))
	if err := game.Verify(req, engines.InMemory(files)); err != nil {
		t.Error(err)
	}
	files[0].Data = []byte("<p>nothing starts</p>")
	if err := game.Verify(req, engines.InMemory(files)); models.CodeOf(err) != models.CodeInvalidOutput {
		t.Errorf("a page that starts nothing: %v", err)
	}
}

func FuzzContent(f *testing.F) {
	for _, data := range [][]byte{module, archive(f, "a"), windows(2), []byte(`<script src="x">`), []byte("\x7fELF\x02\x01\x01")} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for is, check := range content {
			if check != nil && len(check(opened("a/x", data), models.Manifest{{Path: "a/x"}})) > 10_000 {
				t.Errorf("%s: a long answer", is)
			}
		}
	})
}

// memory is a folder of one starter.
type memory map[string][]byte

func (m memory) ReadFile(name string) ([]byte, error) {
	if data, ok := m[name]; ok {
		return data, nil
	}
	return nil, os.ErrNotExist
}

func (m memory) Files(string) ([]string, error) { return []string{"game.json"}, nil }

// FuzzParse: whatever a file says, it is refused with places that exist, or is an engine whose plans keep to the rules.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good), []byte(`{"title": {{title|json}}}`))
	f.Add([]byte("name: &a x\ntitle: *a\n"), []byte("{{ color_sky | html }}"))
	f.Add([]byte("<<: {name: x}\n? [a]\n: b\n"), []byte{0})
	for _, name := range []string{"unity", "unreal", "defold"} {
		data, err := os.ReadFile("../../deploy/engines/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, []byte("x"))
	}
	f.Fuzz(func(t *testing.T, text, file []byte) {
		e, problems := parse(memory{"e.yaml": text, "starter/game.json": file}, "e.yaml", "e.yaml", Options{})
		if len(problems) > 0 {
			lines := bytes.Count(text, []byte("\n")) + bytes.Count(file, []byte("\n")) + bytes.Count(text, []byte("\r")) + 2
			for _, p := range problems {
				if p.File == "" || p.Text == "" || p.Line < 0 || p.Line > lines && p.File == "e.yaml" {
					t.Errorf("%+v", p)
				}
			}
			return
		}
		if !imageForm.MatchString(e.Image().Reference) || strings.ContainsAny(e.Image().Reference, " \n\r\t") || !nameForm.MatchString(e.Info().Name) {
			t.Errorf("%+v %+v", e.Info(), e.Image())
		}
		if _, err := e.Starter(engines.Design{Title: "x"}); err != nil && e.starter != nil {
			t.Error(err)
		}
		plan, err := e.Plan(engines.BuildRequest{Mode: e.modes[0], Files: []models.File{{Path: "game.json"}}})
		if err != nil {
			return
		}
		if !plan.Command.Executes || len(plan.Command.Steps) == 0 || models.CheckPath(plan.Command.Output) != nil {
			t.Errorf("%+v", plan.Command)
		}
		for _, file := range plan.Command.Files {
			if models.CheckPath(file.Path) != nil {
				t.Errorf("file %q", file.Path)
			}
		}
	})
}
