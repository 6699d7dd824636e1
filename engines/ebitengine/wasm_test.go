package ebitengine

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

const head = "\x00asm\x01\x00\x00\x00"

func section(id byte, content string) string {
	return string([]byte{id, byte(len(content)) | 0x80, 0}) + content
}

var whole = head + section(0, "name") + section(2, "\x04gojs\x05x") + section(7, "\x03run\x06resume") + section(10, "code") + section(0, "x")

func TestCheckModule(t *testing.T) {
	t.Parallel()
	if err := checkModule(strings.NewReader(whole), int64(len(whole))); err != nil {
		t.Error(err)
	}
	for name, data := range map[string]string{
		"nothing":        "",
		"no module":      "hello, world",
		"text":           "(module)",
		"other version":  strings.Replace(whole, "\x01", "\x02", 1),
		"only a head":    head,
		"no code":        head + section(2, "\x04gojs") + section(7, "\x03run\x06resume"),
		"other language": head + section(2, "\x03env") + section(7, "\x03run\x06resume") + section(10, "code"),
		"no start":       head + section(2, "\x04gojs") + section(7, "\x04main") + section(10, "code"),
		"order":          head + section(10, "code") + section(2, "\x04gojs") + section(7, "\x03run\x06resume"),
		"twice":          whole + section(10, "code"),
		"unknown":        whole + section(14, "x"),
		"cut":            whole[:len(whole)-1],
		"cut in a size":  whole + "\x00\x80",
		"large size":     whole + "\x00\xff\xff\xff\xff\x7f",
		"endless size":   whole + "\x00\x80\x80\x80\x80\x80\x80",
	} {
		if err := checkModule(strings.NewReader(data), int64(len(data))); models.CodeOf(err) != models.CodeInvalidOutput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	good := map[string]string{pageName: `<script src="./wasm_exec.js"></script>`, runtimeName: "globalThis.Go = class {}", wasmName: whole}
	verify := func(change map[string]string) error {
		var list []models.File
		for name, data := range good {
			if to, ok := change[name]; ok {
				data = to
			}
			if data != "" {
				list = append(list, models.File{Path: name, Data: []byte(data)})
			}
		}
		return Engine{}.Verify(engines.BuildRequest{Mode: engines.Release}, engines.InMemory(list))
	}
	if err := verify(nil); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]map[string]string{
		"no page": {pageName: ""}, "no runtime": {runtimeName: ""}, "no program": {wasmName: ""}, "no module": {wasmName: "x"},
		"another runtime": {runtimeName: "alert(1)"}, "a page that starts nothing": {pageName: "<p>"},
	} {
		if err := verify(change); models.CodeOf(err) != models.CodeInvalidOutput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzCheckModule(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(head + "\x00\x80\x80\x80\x80\x0f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := checkModule(bytes.NewReader(data), int64(len(data))); err == nil && !strings.HasPrefix(string(data), head) {
			t.Error("accepted what has no head")
		}
	})
}
