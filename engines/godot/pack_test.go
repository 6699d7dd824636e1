package godot

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// entry is a file of a pack.
type entry struct{ name, data string }

func le32(n int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }

func padded(s string) []byte { return append([]byte(s), make([]byte, (4-len(s)%4)%4)...) }

// makePack writes a pack as the engine does.
func makePack(files ...entry) []byte {
	head := append([]byte("GDPC"), le32(1)...)
	head = append(head, le32(3)...)
	head = append(head, le32(2)...)
	head = append(head, le32(3)...)
	head = append(head, make([]byte, 64)...)
	head = append(head, le32(len(files))...)
	table := 0
	for _, f := range files {
		table += 4 + len(padded(f.name)) + 32
	}
	at := len(head) + table
	var content []byte
	for _, f := range files {
		head = append(head, le32(len(padded(f.name)))...)
		head = append(head, padded(f.name)...)
		head = binary.LittleEndian.AppendUint64(head, uint64(at+len(content)))
		head = binary.LittleEndian.AppendUint64(head, uint64(len(f.data)))
		sum := md5.Sum([]byte(f.data))
		head = append(head, sum[:]...)
		content = append(content, f.data...)
	}
	return append(head, content...)
}

// makeSettings writes a project.binary with texts.
func makeSettings(pairs ...string) string {
	b := append([]byte("ECFG"), le32(len(pairs)/2)...)
	for i := 0; i < len(pairs); i += 2 {
		value := append(le32(variantString), le32(len(pairs[i+1]))...)
		value = append(value, padded(pairs[i+1])...)
		b = append(b, le32(len(pairs[i]))...)
		b = append(b, pairs[i]...)
		b = append(b, le32(len(value))...)
		b = append(b, value...)
	}
	return string(b)
}

var (
	started  = makeSettings("application/config/name", "A game", "application/run/main_scene", "res://main.tscn")
	goodPack = makePack(entry{"res://main.tscn", "[gd_scene]"}, entry{"res://project.binary", started})
)

func TestCheckPack(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"as it is":             goodPack,
		"a scene made binary":  makePack(entry{"res://project.binary", started}, entry{"res://main.tscn.remap", "x"}),
		"a path without res":   makePack(entry{"res://project.binary", makeSettings("application/run/main_scene", "main.tscn")}, entry{"res://main.tscn", "x"}),
		"an empty file beside": makePack(entry{"res://a", ""}, entry{"res://main.tscn", "x"}, entry{"res://project.binary", started}),
	} {
		if err := checkPack(bytes.NewReader(data), int64(len(data))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	change := func(at int, to byte) []byte {
		b := append([]byte{}, goodPack...)
		b[at] = to
		return b
	}
	for name, data := range map[string][]byte{
		"nothing":                   nil,
		"text":                      []byte("hello, world"),
		"only a head":               []byte("GDPC\x01\x00\x00\x00"),
		"another format":            change(4, 2),
		"another engine":            change(8, 4),
		"more files than bytes":     change(87, 0x7f),
		"a changed content":         change(len(goodPack)-1, 'x'),
		"cut":                       goodPack[:len(goodPack)-1],
		"cut in the table":          goodPack[:100],
		"outside":                   change(packHead+4+16+4, 0xff),
		"no settings":               makePack(entry{"res://main.tscn", "x"}),
		"no main scene":             makePack(entry{"res://main.tscn", "x"}, entry{"res://project.binary", makeSettings("a", "b")}),
		"a scene that is not there": makePack(entry{"res://other.tscn", "x"}, entry{"res://project.binary", started}),
		"bad settings":              makePack(entry{"res://main.tscn", "x"}, entry{"res://project.binary", "ECFG\xff"}),
		"settings that end":         makePack(entry{"res://main.tscn", "x"}, entry{"res://project.binary", started[:len(started)-4]}),
		"no settings at all":        makePack(entry{"res://main.tscn", "x"}, entry{"res://project.binary", "hello"}),
		"twice":                     makePack(entry{"res://main.tscn", "x"}, entry{"res://main.tscn", "x"}, entry{"res://project.binary", started}),
		"one over another":          overlapping(),
		"a name elsewhere":          makePack(entry{"user://main.tscn", "x"}, entry{"res://project.binary", started}),
	} {
		if err := checkPack(bytes.NewReader(data), int64(len(data))); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// overlapping is a pack whose three files all say that they are one long content.
func overlapping() []byte {
	long := strings.Repeat("x", 4096)
	b := makePack(entry{"res://main.tscn", ""}, entry{"res://project.binary", started}, entry{"res://a", long}, entry{"res://b", ""}, entry{"res://c", ""})
	at := packHead
	var longAt []byte
	for _, name := range []string{"res://main.tscn", "res://project.binary", "res://a", "res://b", "res://c"} {
		place := b[at+4+len(padded(name)):][:32]
		switch name {
		case "res://a":
			longAt = place
		case "res://b", "res://c":
			copy(place, longAt)
		}
		at += 4 + len(padded(name)) + 32
	}
	return b
}

func FuzzReadPack(f *testing.F) {
	f.Add(goodPack)
	f.Add(goodPack[:100])
	f.Add([]byte("GDPC"))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := readPack(bytes.NewReader(data), int64(len(data)))
		total := int64(0)
		for name, content := range files {
			if total += content.Size(); !strings.HasPrefix(name, "res://") || total > int64(len(data)) {
				t.Errorf("%q has %d bytes", name, content.Size())
			}
		}
		if err == nil && !strings.HasPrefix(string(data), packMagic) {
			t.Error("accepted what has no head")
		}
		_ = checkPack(bytes.NewReader(data), int64(len(data)))
	})
}

func FuzzReadSettings(f *testing.F) {
	f.Add([]byte(started))
	f.Add([]byte("ECFG\xff\xff\xff\xff"))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = readSettings(data) })
}

// makeProgram is the least that is a program: a head and one piece that is executed.
func makeProgram() []byte {
	b := make([]byte, 64+56+16)
	copy(b, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(b[16:], 2)  // a program
	binary.LittleEndian.PutUint16(b[18:], 62) // for x86-64
	binary.LittleEndian.PutUint32(b[20:], 1)
	binary.LittleEndian.PutUint64(b[32:], 64) // where the pieces are listed
	binary.LittleEndian.PutUint16(b[52:], 64)
	binary.LittleEndian.PutUint16(b[54:], 56)
	binary.LittleEndian.PutUint16(b[56:], 1)
	p := b[64:]
	binary.LittleEndian.PutUint32(p, 1)       // loaded
	binary.LittleEndian.PutUint32(p[4:], 5)   // read and executed
	binary.LittleEndian.PutUint64(p[8:], 120) // from here on
	binary.LittleEndian.PutUint64(p[32:], 16)
	return b
}

func TestCheckProgram(t *testing.T) {
	t.Parallel()
	if err := checkProgram(bytes.NewReader(makeProgram()), int64(len(makeProgram()))); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(b []byte) []byte{
		"nothing":          func([]byte) []byte { return nil },
		"a script":         func([]byte) []byte { return []byte("#!/bin/sh\n") },
		"cut":              func(b []byte) []byte { return b[:len(b)-1] },
		"a library's part": func(b []byte) []byte { b[16] = 1; return b },
		"32 bits":          func(b []byte) []byte { b[4] = 1; return b },
		"another machine":  func(b []byte) []byte { b[18] = 8; return b },
		"nothing to run":   func(b []byte) []byte { b[68] = 4; return b },
	} {
		b := spoil(makeProgram())
		if err := checkProgram(bytes.NewReader(b), int64(len(b))); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	good := []models.File{{Path: "README.txt", Data: []byte("Start it")}, {Path: "game", Data: makeProgram()}, {Path: "game.pck", Data: goodPack}}
	verify := func(mode engines.Mode, files []models.File) error {
		return Engine{}.Verify(engines.BuildRequest{Mode: mode}, engines.InMemory(files))
	}
	if err := verify(engines.Release, good); err != nil {
		t.Error(err)
	}
	preview := []models.File{good[0], good[2]}
	if err := verify(engines.Preview, preview); err != nil {
		t.Error(err)
	}
	for name, files := range map[string][]models.File{
		"nothing": nil, "no program": preview, "no pack": good[:2], "no readme": good[1:],
		"a name": append([]models.File{{Path: "../x"}}, good...), "twice": append([]models.File{{Path: "GAME"}}, good...),
	} {
		if err := verify(engines.Release, files); models.CodeOf(err) != models.CodeInvalidOutput {
			t.Errorf("%s: %v", name, err)
		}
	}
}
