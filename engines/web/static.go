package web

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// static are the files that a game may load by URL, sorted: media, data among assets, and what the code names.
func static(files []models.File) []string {
	var list, others []string
	for _, f := range files {
		switch {
		case !isServed(f.Path):
		case isStatic(f.Path):
			list = append(list, f.Path)
		default:
			others = append(others, f.Path)
		}
	}
	if len(others) > 0 {
		named := namesIn(files)
		list = append(list, slices.DeleteFunc(others, func(name string) bool { return !named.match(name) })...)
	}
	slices.Sort(list)
	return list
}

// media are the endings of files that games load by URL wherever they lie; data only where assets lie.
var media, data = endings(`png jpg jpeg gif webp avif svg ico bmp mp3 ogg oga wav m4a flac aac opus weba mp4 webm ogv ttf
	otf woff woff2 glb gltf bin fbx obj mtl hdr exr ktx2 dds tga basis drc wasm fnt atlas`),
	endings(`json xml txt csv tmx tsj tmj glsl vert frag ink skel webmanifest`)

var assetFolders = map[string]bool{"assets": true, "asset": true, "static": true, "res": true, "resources": true,
	"media": true, "data": true, "levels": true, "maps": true, "sounds": true, "audio": true, "images": true, "img": true,
	"sprites": true, "fonts": true, "models": true, "textures": true, "tilemaps": true}

func endings(list string) map[string]bool {
	m := map[string]bool{}
	for e := range strings.FieldsSeq(list) {
		m["."+e] = true
	}
	return m
}

// isStatic reports whether a game may load a file by its URL, as far as its name tells.
func isStatic(name string) bool {
	first, _, nested := strings.Cut(name, "/")
	ext := strings.ToLower(path.Ext(name))
	return media[ext] || nested && assetFolders[strings.ToLower(first)] && data[ext]
}

// isServed reports whether a file may be part of the game as it is. What is in src is imported instead, what is in public is
// copied anyway, and the rest belongs to the making of the game.
func isServed(name string) bool {
	first, _, nested := strings.Cut(name, "/")
	switch first {
	case "src", "public", "node_modules", "dist", "build", "test", "tests", "docs":
		if nested {
			return false
		}
	case "index.html", "package.json", "package-lock.json", "tsconfig.json", "jsconfig.json":
		return false
	}
	return !strings.HasPrefix(name, ".") && !strings.Contains(name, "/.")
}

// names are the addresses that code has in it.
type names struct {
	whole    map[string]bool
	patterns map[pattern]bool
}

// pattern is an address that the game puts together: `levels/${n}.json`, "levels/" + n.
type pattern struct{ before, after string }

// maxPatterns bounds how often a file's name is compared.
const maxPatterns = 1000

// namesIn reads the strings of a project's code, and of data that lists files.
func namesIn(files []models.File) names {
	n := names{make(map[string]bool), make(map[pattern]bool)}
	for _, f := range files {
		switch ext := strings.ToLower(path.Ext(f.Path)); ext {
		case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx":
			n.read(f.Data)
		case ".json":
			if isServed(f.Path) {
				n.read(f.Data)
			}
		case ".html":
			_, _ = page.Walk(f.Data, func(node *page.Node) (string, bool) { // a page that cannot be read is refused elsewhere
				if node.Tag == "script" {
					n.read(node.Text)
				}
				return "", false
			})
		}
	}
	return n
}

// maxLiteral is the length of the longest string of code that may be an address, in bytes.
const maxLiteral = 300

// read adds the strings of code that are without escapes and in one line. It looks at every build of a project, which a regular
// expression would slow down by milliseconds.
func (n names) read(code []byte) {
	for at := 0; ; {
		open := bytes.IndexAny(code[at:], "\"'`")
		if open < 0 {
			return
		}
		open += at
		at = open + 1
		size := bytes.IndexAny(code[at:], endOfLiteral[code[open]])
		if size < 0 || code[at+size] != code[open] {
			continue // an apostrophe, or a string with escapes or of several lines
		}
		if size > 0 && size <= maxLiteral && !isImport(code[:open]) {
			n.add(string(code[at : at+size]))
		}
		at += size + 1
	}
}

// endOfLiteral is what ends a string with a quote, or shows that it is none to be read.
var endOfLiteral = map[byte]string{'"': "\"\\\n", '\'': "'\\\n", '`': "`\\\n"}

// isImport reports whether code ends where the specifier of an import begins: the bundle has what it names.
func isImport(code []byte) bool {
	const space = " \t\n\f\r"
	code = bytes.TrimRight(bytes.TrimSuffix(bytes.TrimRight(code, space), []byte("(")), space)
	for _, word := range importing {
		if before, ok := bytes.CutSuffix(code, word); ok {
			return len(before) == 0 || !isWord(before[len(before)-1])
		}
	}
	return false
}

var importing = [][]byte{[]byte("from"), []byte("import"), []byte("require")}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func (n names) add(text string) {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "./"), "/")
	before, after, computed := strings.Cut(text, "${")
	switch {
	case computed:
		after = after[strings.LastIndexByte(after, '}')+1:]
	case strings.HasSuffix(text, "/"):
		before, computed = text, true
	default:
		if i := strings.IndexAny(text, "?#"); i >= 0 {
			text = text[:i]
		}
		n.whole[text] = true
	}
	if computed && strings.Contains(before, "/") && len(n.patterns) < maxPatterns {
		n.patterns[pattern{before, after}] = true
	}
}

// match reports whether a file is named.
func (n names) match(name string) bool {
	if n.whole[name] {
		return true
	}
	for p := range n.patterns {
		if len(name) >= len(p.before)+len(p.after) && strings.HasPrefix(name, p.before) && strings.HasSuffix(name, p.after) {
			return true
		}
	}
	return false
}
