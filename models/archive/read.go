package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/spark-games/spark/models"
)

// Limits on archives from outside. What is in them is limited as a project is.
const (
	MaxBytes   = 128 << 20
	MaxEntries = 20_000 // with those that are left out

	maxDirectoryBytes = 8 << 20
	maxRatio          = 200 // of one file of more than ratioFrom bytes
	maxTotalRatio     = 100 // of all files, if they have more than totalRatioFrom bytes
	ratioFrom         = 1 << 20
	totalRatioFrom    = 16 << 20
)

// LeftOut is what was left out of an archive: a file, or a folder with so many files.
type LeftOut struct {
	Path  string
	Files int
}

// Archive is a zip from outside that was checked. Its files are not read yet.
type Archive struct {
	Files   []*Packed // sorted by path
	LeftOut []LeftOut // sorted by path
	// Folder was the only one at the top, which was stripped; "" if there was none.
	Folder string
}

// Packed is a file in an archive.
type Packed struct {
	Path string
	Size int64
	file *zip.File
}

// left are the names of what is left out: what programs note beside the files, and what can be made again.
var left = map[string]bool{"__macosx": true, ".ds_store": true, ".git": true, ".svn": true, ".hg": true, "node_modules": true,
	".godot": true, "thumbs.db": true, "desktop.ini": true}

// Check reads a zip's directory and checks what it can before anything is unpacked: there is one directory, entries are as it says and share
// nothing, names are paths of a project, there are only files and folders, nothing is encrypted, and what is unpacked is within the limits of a project.
// Errors are CodeInvalidArchive, CodeInvalidPath or CodeInvalidFiles.
func Check(r io.ReaderAt, size int64) (*Archive, error) {
	if size < endBytes {
		return nil, refuse("the archive is empty, or is not a zip")
	}
	d, err := findDirectory(r, size)
	if err != nil {
		return nil, err
	}
	list, err := d.read(r)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := list[i].checkLocal(r, d.offset); err != nil {
			return nil, err
		}
	}
	if err := checkApart(list); err != nil {
		return nil, err
	}
	zipped, err := zip.NewReader(r, size)
	if err != nil {
		return nil, models.WrapError(models.CodeInvalidArchive, "the archive is damaged", err)
	}
	if len(zipped.File) != len(list) {
		return nil, refuse("the archive's directory is damaged")
	}
	a := &Archive{}
	for i := range list {
		if err := a.add(&list[i], zipped.File[i]); err != nil {
			return nil, err
		}
	}
	a.strip()
	slices.SortFunc(a.Files, func(x, y *Packed) int { return strings.Compare(x.Path, y.Path) })
	slices.SortFunc(a.LeftOut, func(x, y LeftOut) int { return strings.Compare(x.Path, y.Path) })
	return a, a.checkFiles(list)
}

// add adds an entry, unless it is a folder or left out.
func (a *Archive) add(h *header, f *zip.File) error {
	if f.Name != h.name || f.UncompressedSize64 != h.size || f.CompressedSize64 != h.packed || f.Method != h.method {
		return refuse("the archive's directory can be read in two ways")
	}
	if !utf8.ValidString(h.name) {
		return refuse("entry %s: its name is not UTF-8", quote(h.name))
	}
	name := norm.NFC.String(h.name) // some systems write letters in parts
	if top, ok := leftOut(name); ok {
		a.leave(top, strings.HasSuffix(name, "/"))
		return nil
	}
	folder := strings.HasSuffix(name, "/")
	if err := models.CheckNewPath(strings.TrimSuffix(name, "/")); err != nil {
		return err
	}
	const regular, folders = 0o100000, 0o040000
	switch {
	case h.flags&flagEncrypted != 0:
		return refuse("entry %s: is encrypted", quote(name))
	case folder && (h.kind == 0 || h.kind == folders) && h.size == 0:
		return nil
	case folder || h.kind != 0 && h.kind != regular:
		return refuse("entry %s: is neither a file nor a folder", quote(name))
	case h.method != methodStore && h.method != methodDeflate:
		return refuse("entry %s: is compressed by a method that is not supported", quote(name))
	case h.method == methodStore && h.packed != h.size:
		return refuse("entry %s: has two sizes", quote(name))
	case h.size > ratioFrom && h.packed < h.size/maxRatio:
		return refuse("entry %s: is compressed too well to be true", quote(name))
	case h.size > models.MaxProjectFileBytes:
		return models.NewError(models.CodeInvalidFiles, "file "+quote(name)+" is larger than 8 MiB")
	}
	a.Files = append(a.Files, &Packed{Path: name, Size: int64(h.size), file: f})
	return nil
}

// leftOut is the part of a path that ends with what is left out.
func leftOut(name string) (string, bool) {
	for i, part := range strings.Split(name, "/") {
		if left[strings.ToLower(part)] || strings.HasPrefix(part, "._") {
			parts := strings.SplitN(name, "/", i+2)
			return strings.Join(parts[:i+1], "/"), true
		}
	}
	return "", false
}

// maxLeftOut limits how much of what is left out is told.
const maxLeftOut = 100

func (a *Archive) leave(top string, folder bool) {
	if len(top) > models.MaxPathBytes {
		top = top[:models.MaxPathBytes]
	}
	i := slices.IndexFunc(a.LeftOut, func(l LeftOut) bool { return l.Path == top })
	if i < 0 {
		if len(a.LeftOut) == maxLeftOut {
			return
		}
		a.LeftOut, i = append(a.LeftOut, LeftOut{Path: strings.ToValidUTF8(top, "\ufffd")}), len(a.LeftOut)
	}
	if !folder {
		a.LeftOut[i].Files++
	}
}

// strip takes a single folder at the top away, in which many programs put all. A folder of sources is not one of those.
func (a *Archive) strip() {
	if len(a.Files) == 0 {
		return
	}
	top, _, _ := strings.Cut(a.Files[0].Path, "/")
	if top == "src" || slices.ContainsFunc(a.Files, func(f *Packed) bool { return !strings.HasPrefix(f.Path, top+"/") }) {
		return
	}
	a.Folder = top
	for _, f := range a.Files {
		f.Path = f.Path[len(top)+1:]
	}
}

// checkFiles applies the limits of a project, and those against bombs, to what the directory says.
func (a *Archive) checkFiles(list []header) error {
	set := make(models.Manifest, len(a.Files))
	for i, f := range a.Files {
		set[i] = models.ManifestEntry{Path: f.Path, Size: f.Size}
	}
	if err := models.CheckManifest(set); err != nil {
		return err
	}
	var packed uint64
	for _, h := range list {
		packed += h.packed
	}
	if total := uint64(set.Bytes()); total > totalRatioFrom && packed < total/maxTotalRatio {
		return refuse("the archive is compressed too well to be true")
	}
	return nil
}

// Open unpacks a file. Reading fails with CodeInvalidArchive if it is not as the archive says, or is an archive itself.
func (p *Packed) Open() (io.ReadCloser, error) {
	body, err := p.file.Open()
	if err != nil {
		return nil, models.WrapError(models.CodeInvalidArchive, "entry "+quote(p.Path)+" cannot be read", err)
	}
	return &unpacking{ReadCloser: body, p: p}, nil
}

// unpacking reads a file of an archive.
type unpacking struct {
	io.ReadCloser
	p    *Packed
	n    int64
	head []byte
}

// archives are how archives begin.
var archives = []string{localSignature, endSignature, "Rar!\x1a\x07", "7z\xbc\xaf\x27\x1c", "\xfd7zXZ\x00"}

// headBytes is as many as tell an archive.
const headBytes = 8

func (u *unpacking) Read(b []byte) (int, error) {
	n, err := u.ReadCloser.Read(b)
	u.n += int64(n)
	if len(u.head) < headBytes {
		u.head = append(u.head, b[:min(n, headBytes-len(u.head))]...)
	}
	begins := func(how string) bool { return bytes.HasPrefix(u.head, []byte(how)) }
	switch {
	case u.n > u.p.Size || errors.Is(err, io.EOF) && u.n < u.p.Size:
		return 0, refuse("entry %s: is not as large as the archive says", quote(u.p.Path))
	case slices.ContainsFunc(archives, begins):
		return 0, refuse("entry %s: is an archive itself; unpack it first", quote(u.p.Path))
	case err != nil && !errors.Is(err, io.EOF):
		return 0, models.WrapError(models.CodeInvalidArchive, "entry "+quote(u.p.Path)+": its content is damaged", err)
	}
	return n, err
}

// IsZip reports whether content that begins so can be a zip.
func IsZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte(localSignature)) || bytes.HasPrefix(head, []byte(endSignature))
}
