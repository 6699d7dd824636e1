package ai

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestPathScanner(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"in order", `{"title":"path","files":[{"path":"a.js","content":"x"},{"path" : "b\/c.js","content":"y"}]}`, []string{"a.js", "b/c.js"}},
		{"content first", `{"files":[{"content":"{\"path\":\"no.js\"}","path":"yes.js"}]}`, []string{"yes.js"}},
		{"escapes", `{"path":"\u00e4\"b\\.js"}`, []string{`ä"b\.js`}},
		{"a value called path", `["path", "no.js", {"x": "path"}, "no.js"]`, nil},
		{"a path that is not a string", `{"path": 7, "x": "no.js"}`, nil},
		{"no path", `Sure, "here" it is: nothing`, nil},
		{"unfinished", `{"path":"a.j`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, size := range []int{1, 2, 3, 7, len(tt.text)} {
				var s pathScanner
				var got []string
				for chunk := range slices.Chunk([]byte(tt.text), size) {
					// A big chunk may complete several: feed returns the last, so count.
					before := s.files
					p, found := s.feed(string(chunk))
					if found != (s.files > before) {
						t.Fatal("found and counted disagree")
					}
					if found {
						got = append(got, p)
					}
				}
				if size < 8 && !slices.Equal(got, tt.want) {
					t.Errorf("in chunks of %d: %q, want %q", size, got, tt.want)
				}
				if s.files != len(tt.want) {
					t.Errorf("in chunks of %d: %d files, want %d", size, s.files, len(tt.want))
				}
			}
		})
	}
}

// FuzzPathScanner checks that the chunk boundaries do not matter, and that memory is bounded.
func FuzzPathScanner(f *testing.F) {
	f.Add([]byte(`{"files":[{"path":"a.js","content":"\"path\":\"b\""}]}`), 3)
	f.Add([]byte(`"path":"`), 1)
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		var whole, pieces pathScanner
		last, found := whole.feed(string(text))
		var lastPiece string
		for chunk := range slices.Chunk(text, 1+max(size, -size, 0)%64) {
			if p, ok := pieces.feed(string(chunk)); ok {
				lastPiece = p
			}
		}
		if whole.files != pieces.files || found != (whole.files > 0) || last != lastPiece {
			t.Fatalf("whole: %d %q, pieces: %d %q", whole.files, last, pieces.files, lastPiece)
		}
		if len(whole.token) > maxToken {
			t.Fatalf("kept %d bytes", len(whole.token))
		}
		// Every path of a document that is small enough to parse is found.
		var doc struct {
			Path *string `json:"path"`
		}
		if json.Unmarshal(text, &doc) == nil && doc.Path != nil && len(text) < maxToken && whole.files == 0 && isPlain(text) {
			t.Fatal("the path was missed")
		}
	})
}

// isPlain reports whether the document spells its keys without escapes.
func isPlain(text []byte) bool {
	var keys map[string]json.RawMessage
	if json.Unmarshal(text, &keys) != nil {
		return false
	}
	raw, ok := keys["path"]
	return ok && len(raw) > 0 && raw[0] == '"' && !slices.Contains(text, '\\')
}
