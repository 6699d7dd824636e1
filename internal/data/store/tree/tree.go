// Package tree stores a manifest as trees: one for each folder, named by the SHA-256 of its content. Folders with equal content
// are one tree, in one revision and across all, so a change of one file makes new trees only for the folders above it.
//
// A tree is text, a line for each entry, sorted by name:
//
//	f <sha256 of the content> <size in bytes> <name>
//	d <sha256 of the folder's tree> <name>
//
// A tree has exactly one encoding, and nothing else is accepted. Media types are not stored: they follow from names.
package tree

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/models"
)

// Trees are encoded trees by their digests.
type Trees map[string][]byte

// entry is a line of a tree.
type entry struct {
	name   string
	folder bool
	digest string // of the content, or of the folder's tree
	size   int64  // of a file
}

// Of makes the trees of a manifest and returns the digest of the topmost. The order of the manifest does not matter.
func Of(m models.Manifest) (root string, trees Trees, err error) {
	trees = make(Trees)
	root, err = trees.add(m, "")
	return root, trees, err
}

// add encodes the folder that holds all of the manifest's files, whose paths begin with prefix.
func (t Trees) add(m models.Manifest, prefix string) (digest string, err error) {
	var entries []entry
	below := make(map[string]models.Manifest)
	for _, f := range m {
		name, rest, deeper := strings.Cut(f.Path[len(prefix):], "/")
		if deeper && rest != "" {
			below[name] = append(below[name], f)
			continue
		}
		entries = append(entries, entry{name: f.Path[len(prefix):], digest: f.SHA256, size: f.Size})
	}
	for name, files := range below {
		sub, err := t.add(files, prefix+name+"/")
		if err != nil {
			return "", err
		}
		entries = append(entries, entry{name: name, folder: true, digest: sub})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	data := encode(entries)
	if _, err := decode(data); err != nil {
		return "", fmt.Errorf("folder %q: %w", prefix, err)
	}
	sum := sha256.Sum256(data)
	digest = hex.EncodeToString(sum[:])
	t[digest] = data
	return digest, nil
}

func encode(entries []entry) []byte {
	var b bytes.Buffer
	for _, e := range entries {
		if e.folder {
			fmt.Fprintf(&b, "d %s %s\n", e.digest, e.name)
		} else {
			fmt.Fprintf(&b, "f %s %d %s\n", e.digest, e.size, e.name)
		}
	}
	return b.Bytes()
}

// decode reads what encode writes, and nothing else.
func decode(data []byte) ([]entry, error) {
	var entries []entry
	for line := range strings.Lines(string(data)) {
		e, ok := decodeLine(line)
		if !ok {
			return nil, fmt.Errorf("not a tree's entry: %.120q", line)
		}
		if n := len(entries); n > 0 && entries[n-1].name >= e.name {
			return nil, fmt.Errorf("entries are not sorted: %.120q", e.name)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func decodeLine(line string) (e entry, ok bool) {
	kind, rest, _ := strings.Cut(line, " ")
	e.folder = kind == "d"
	if !e.folder && kind != "f" {
		return e, false
	}
	e.digest, rest, _ = strings.Cut(rest, " ")
	if !isDigest(e.digest) {
		return e, false
	}
	if !e.folder {
		size, name, _ := strings.Cut(rest, " ")
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil || n < 0 || strconv.FormatInt(n, 10) != size {
			return e, false
		}
		e.size, rest = n, name
	}
	e.name, ok = strings.CutSuffix(rest, "\n")
	return e, ok && e.name != "" && e.name != "." && e.name != ".." && !strings.ContainsAny(e.name, "/\n\x00")
}

func isDigest(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// maxDepth limits how deep folders are nested, well above what a path may have.
const maxDepth = 4 * models.MaxPathDepth

// Read restores a manifest, sorted by path. It calls fetch once for each depth of folders, with all trees of that depth. Trees
// that are missing or do not match their digests are errors.
func Read(root string, fetch func(digests []string) (Trees, error)) (models.Manifest, error) {
	type folder struct{ prefix, digest string }
	manifest := models.Manifest{}
	level := []folder{{"", root}}
	for depth := 0; len(level) > 0; depth++ {
		if depth > maxDepth {
			return nil, fmt.Errorf("trees under %s are nested too deeply", root)
		}
		var wanted []string
		for _, f := range level {
			wanted = append(wanted, f.digest)
		}
		slices.Sort(wanted)
		trees, err := fetch(slices.Compact(wanted))
		if err != nil {
			return nil, err
		}
		decoded := make(map[string][]entry, len(trees))
		var next []folder
		for _, f := range level {
			entries, known := decoded[f.digest]
			if !known {
				if entries, err = trees.open(f.digest); err != nil {
					return nil, err
				}
				decoded[f.digest] = entries
			}
			for _, e := range entries {
				p := path.Join(f.prefix, e.name)
				if e.folder {
					next = append(next, folder{p, e.digest})
				} else {
					manifest = append(manifest, models.ManifestEntry{Path: p, SHA256: e.digest, Size: e.size, MediaType: models.MediaType(p)})
				}
			}
		}
		level = next
	}
	manifest.Sort()
	return manifest, nil
}

func (t Trees) open(digest string) ([]entry, error) {
	data, ok := t[digest]
	if !ok {
		return nil, fmt.Errorf("tree %s is missing", digest)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != digest {
		return nil, models.WrapError(models.CodeDamaged, "a stored revision is damaged", fmt.Errorf("tree %s has other content", digest))
	}
	entries, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", digest, err)
	}
	return entries, nil
}

// Contents calls yield with the digest of every file in a tree, not of those in its folders.
func Contents(data []byte, yield func(sha256 string) error) error { return each(data, false, yield) }

// Folders calls yield with the digests of the trees of a tree's folders, not of those in them.
func Folders(data []byte, yield func(digest string) error) error { return each(data, true, yield) }

func each(data []byte, folders bool, yield func(digest string) error) error {
	entries, err := decode(data)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.folder != folders {
			continue
		}
		if err := yield(e.digest); err != nil {
			return err
		}
	}
	return nil
}
