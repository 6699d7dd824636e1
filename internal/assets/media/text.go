package media

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

const maxDepth = 100

func readText(f *file, _ *Info) error {
	b, err := f.all(maxText)
	if err != nil {
		return err
	}
	if !utf8.Valid(b) || bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }) {
		return refused("it is not text in UTF-8")
	}
	if len(b) > 0 && !strings.HasPrefix(http.DetectContentType(b), "text/plain") {
		return refused("it is text of another kind, such as a page or a script")
	}
	return nil
}

func readJSON(f *file, _ *Info) error {
	b, err := f.all(maxText)
	if err != nil {
		return err
	}
	return eachString(b, func(string, string) error { return nil })
}

func readGLTF(f *file, _ *Info) error {
	b, err := f.all(maxText)
	if err != nil {
		return err
	}
	return checkScene(b)
}

// checkScene refuses a scene that refers to other places.
func checkScene(b []byte) error {
	scene := false
	err := eachString(b, func(key, value string) error {
		if key == "version" {
			scene = true
		}
		lower := strings.ToLower(strings.TrimSpace(value))
		inside := strings.HasPrefix(lower, "data:application/octet-stream") || strings.HasPrefix(lower, "data:application/gltf-buffer") ||
			strings.HasPrefix(lower, "data:image/png") || strings.HasPrefix(lower, "data:image/jpeg")
		if key == "uri" && !inside && (strings.ContainsAny(lower, ":\\") || strings.HasPrefix(lower, "/") || strings.Contains(lower, "..")) {
			return refused("it refers to another place")
		}
		return nil
	})
	if err == nil && !scene {
		err = refused("it is not a scene")
	}
	return err
}

// eachString reads one JSON value, and calls yield with each string in it and the name under which it stands, or "".
func eachString(b []byte, yield func(key, value string) error) error {
	if !utf8.Valid(b) {
		return refused("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	type level struct {
		object, name bool // name: a name comes next
		key          string
	}
	var levels []level
	for values := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && len(levels) == 0 && values == 1 {
			return nil
		}
		if err != nil {
			return refused("it is not JSON")
		}
		if len(levels) == 0 {
			if values++; values > 1 {
				return refused("it is more than one value")
			}
		}
		if delim, ok := t.(json.Delim); ok && (delim == '}' || delim == ']') {
			levels = levels[:len(levels)-1]
			continue
		}
		key := ""
		if n := len(levels); n > 0 && levels[n-1].object {
			top := &levels[n-1]
			if top.name {
				top.key, _ = t.(string)
				top.name = false
				continue
			}
			key, top.name = top.key, true
		}
		switch v := t.(type) {
		case json.Delim:
			if levels = append(levels, level{object: v == '{', name: v == '{'}); len(levels) > maxDepth {
				return refused("it is nested too deeply")
			}
		case string:
			if err := yield(key, v); err != nil {
				return err
			}
		}
	}
}

// readGLB reads the chunks of a binary scene.
func readGLB(f *file, _ *Info) error {
	h, err := f.at(0, 12)
	if err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(h[4:]) != 2 || int64(binary.LittleEndian.Uint32(h[8:])) != f.size {
		return refused("it is not as long as it says, or of another version")
	}
	n := 0
	for at := int64(12); at < f.size; n++ {
		c, err := f.at(at, 8)
		if err != nil {
			return err
		}
		size, kind := int64(binary.LittleEndian.Uint32(c)), string(c[4:])
		switch {
		case size > f.size-at-8 || n > 1:
			return refused("its chunks are not in order")
		case n == 0 && kind == "JSON":
			if size > maxText {
				return refused("its description is too long")
			}
			b, err := f.at(at+8, int(size))
			if err != nil {
				return err
			}
			if err := checkScene(b); err != nil {
				return err
			}
		case n == 1 && kind == "BIN\x00":
		default:
			return refused("its chunks are not in order")
		}
		at += 8 + size
	}
	if n == 0 {
		return refused("it is not a scene")
	}
	return nil
}
