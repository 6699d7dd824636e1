package models

import (
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits on the files of a project. They apply to what a generation writes, what a build gets and what the API accepts;
// a build's outputs have limits of their own (see engines.Limits).
const (
	MaxProjectFiles     = 500
	MaxProjectFileBytes = 8 << 20
	MaxProjectBytes     = 64 << 20
	MaxPathBytes        = 240
	MaxPathDepth        = 12
)

// File is one file of a project or an artifact while it is being produced: a slash-separated relative path and its
// content in memory.
type File struct {
	Path string
	Data []byte
}

// ManifestEntry names one stored file: its path, the hex SHA-256 of its content, its size in bytes and media type.
type ManifestEntry struct {
	Path      string `json:"path"`
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"`
	MediaType string `json:"media_type"`
}

// Manifest lists the files of a revision or an artifact, sorted by path. Its digest is the identity of the content.
type Manifest []ManifestEntry

// Find returns the entry at a path.
func (m Manifest) Find(p string) (ManifestEntry, bool) {
	for _, e := range m {
		if e.Path == p {
			return e, true
		}
	}
	return ManifestEntry{}, false
}

// Bytes is the total size of the files.
func (m Manifest) Bytes() int64 {
	var n int64
	for _, e := range m {
		n += e.Size
	}
	return n
}

// CheckPath checks that p may name a file of a project or an artifact: relative, slash-separated, clean, without
// "..", control characters, backslashes or names that some operating systems reserve. The error is a *Error with
// CodeInvalidPath.
func CheckPath(p string) error {
	bad := func(why string) error {
		return NewError(CodeInvalidPath, "path "+quotePath(p)+": "+why)
	}
	switch {
	case p == "":
		return bad("is empty")
	case len(p) > MaxPathBytes:
		return bad("is longer than 240 bytes")
	case !utf8.ValidString(p):
		return bad("is not UTF-8")
	case !norm.NFC.IsNormalString(p):
		return bad("is not in Unicode normal form C")
	case strings.ContainsRune(p, '\\'):
		return bad("has a backslash")
	case strings.HasPrefix(p, "/"):
		return bad("is absolute")
	case path.Clean(p) != p || p == ".":
		return bad("is not a clean relative path")
	}
	for _, r := range p {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return bad("has a control character")
		}
		if strings.ContainsRune(`<>:"|?*`, r) {
			return bad("has a character that is not portable")
		}
	}
	parts := strings.Split(p, "/")
	if len(parts) > MaxPathDepth {
		return bad("is nested too deeply")
	}
	for _, part := range parts {
		if part == ".." {
			return bad("leaves its folder")
		}
		if strings.TrimRight(part, ". ") != part {
			return bad("has a name that ends in a dot or a space")
		}
		stem, _, _ := strings.Cut(part, ".")
		if reservedNames[strings.ToLower(norm.NFKC.String(strings.TrimRight(stem, " ")))] {
			return bad("has a reserved name")
		}
	}
	return nil
}

// PathKey folds a path so that two paths which collide on some file system have the same key, however that file system
// treats case, composed letters, letters of two widths, and the Turkish i.
func PathKey(p string) string {
	ascii := true
	for i := range len(p) {
		ascii = ascii && p[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(p)
	}
	// Apple's file systems use full folding; Windows compares upper case. Neither includes the other.
	return norm.NFC.String(strings.ToLower(strings.ToUpper(cases.Fold().String(norm.NFKC.String(p)))))
}

// CheckFiles applies the project's limits to a whole set of files: count, sizes, paths, and no two paths that collide
// when case is ignored.
func CheckFiles(files []File) error {
	return checkSet(len(files), func(i int) (string, int64) { return files[i].Path, int64(len(files[i].Data)) })
}

// CheckManifest is CheckFiles for files that are already stored.
func CheckManifest(m Manifest) error {
	return checkSet(len(m), func(i int) (string, int64) { return m[i].Path, m[i].Size })
}

func checkSet(n int, file func(i int) (path string, size int64)) error {
	if n == 0 {
		return NewError(CodeInvalidFiles, "a project needs at least one file")
	}
	if n > MaxProjectFiles {
		return NewError(CodeInvalidFiles, "a project has at most 500 files")
	}
	var total int64
	paths := make([]string, n)
	for i := range n {
		p, size := file(i)
		if size > MaxProjectFileBytes {
			return NewError(CodeInvalidFiles, "file "+quotePath(p)+" is larger than 8 MiB")
		}
		if total += size; total > MaxProjectBytes {
			return NewError(CodeInvalidFiles, "the project is larger than 64 MiB")
		}
		paths[i] = p
	}
	return CheckPaths(paths)
}

// CheckPaths checks that files of these paths can be beside each other on every file system: each by CheckPath, no two that
// collide, and none that is a file and a folder. The error is a *Error.
func CheckPaths(paths []string) error {
	seen := make(map[string]string, len(paths))
	for _, p := range paths {
		if err := CheckPath(p); err != nil {
			return err
		}
		key := PathKey(p)
		if other, dup := seen[key]; dup {
			return NewError(CodeInvalidFiles, "paths "+quotePath(other)+" and "+quotePath(p)+" collide")
		}
		seen[key] = p
	}
	for key, p := range seen {
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			if other, clash := seen[dir]; clash {
				return NewError(CodeInvalidFiles, "path "+quotePath(other)+" is both a file and the folder of "+quotePath(p))
			}
		}
	}
	return nil
}

var reservedNames = func() map[string]bool {
	m := map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "conin$": true, "conout$": true, "clock$": true}
	for _, d := range "0123456789" {
		m["com"+string(d)], m["lpt"+string(d)] = true, true
	}
	return m
}()

// quotePath makes a hostile path safe to show, by escaping and truncating it.
func quotePath(p string) string {
	const most = 80
	if len(p) > most {
		p = p[:most] + "…"
	}
	return strconv.Quote(p)
}
