package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/spark-games/spark/models"
)

// FuzzPage: whatever a game's texts are, the page has a place for each piece, and no text of the game ends an element of ours.
func FuzzPage(f *testing.F) {
	f.Add(`<head><link rel=stylesheet href=a.css><script src=a.js></script><img srcset="x.png, b.js 2x" style="a:url(x.png)">`, `@import"b.css";a{b:url(x.png)}`, `import "./b.js"; "</script><!--"`)
	f.Add(`<script type=module src=a.js></script><style>a{b:url(x.png)}</style></style><a href=b.html>`, `</style>`, `import.meta.url`)
	f.Add(`<script type=importmap>{"imports":{"a":"./b.js"}}</script><base href=".">`, `a{b:image-set("x.png")`, `from'./a.js'`)
	f.Fuzz(func(t *testing.T, index, css, js string) {
		blobs := memory{}
		b := &build{blobs: blobs, artifact: &models.Artifact{Title: "Fox", Format: models.FormatWeb}}
		for name, text := range map[string]string{"index.html": index, "a.css": css, "b.css": css, "a.js": js, "b.js": js, "b.html": css, "x.png": "\x89PNG"} {
			sum, size, _ := blobs.Put(t.Context(), strings.NewReader(text), int64(len(text)))
			b.artifact.Manifest = append(b.artifact.Manifest, models.ManifestEntry{Path: name, SHA256: sum, Size: size})
		}
		b.artifact.Manifest.Sort()
		var out bytes.Buffer
		if err := writePage(t.Context(), &out, b); err != nil {
			if models.CodeOf(err) == models.CodeInternal {
				t.Fatal(err)
			}
			return
		}
		var again bytes.Buffer
		if err := writePage(t.Context(), &again, b); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Fatalf("%v: the same game gives another page", err)
		}
		text := out.String()
		if i := strings.Index(text, "piece-"); i >= 0 && len(text) > i+70 && !strings.Contains(index+css+js, "piece-") {
			t.Fatalf("a piece has no place: %q", text)
		}
		if start := strings.Index(text, loaderStart); start >= 0 { // the loader is one whole element
			z := html.NewTokenizer(strings.NewReader(text[start:]))
			z.Next()
			z.Next()
			if script := string(z.Raw()); !strings.HasSuffix(script, ");\n") || strings.Count(script, "MutationObserver(") != 1 {
				t.Fatalf("the loader is cut: %q", script[max(len(script)-200, 0):])
			}
		}
	})
}

const loaderStart = "<script>\n// This page carries its files with it."

// memory is a blob store that is quick.
type memory map[string][]byte

func (m memory) Put(_ context.Context, r io.Reader, _ int64) (sum string, size int64, err error) {
	data, err := io.ReadAll(r)
	digest := sha256.Sum256(data)
	sum = hex.EncodeToString(digest[:])
	m[sum] = data
	return sum, int64(len(data)), err
}

func (m memory) Open(_ context.Context, sum string) (io.ReadSeekCloser, error) {
	return opened{bytes.NewReader(m[sum])}, nil
}

type opened struct{ io.ReadSeeker }

func (opened) Close() error { return nil }
