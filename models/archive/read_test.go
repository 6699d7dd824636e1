package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// zipped is a zip of entries, whose headers change may falsify.
func zipped(t testing.TB, files map[string]string, change ...func(*zip.FileHeader)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		for _, c := range change {
			c(h)
		}
		f, err := w.CreateHeader(h)
		require.NoError(t, err)
		_, err = io.WriteString(f, text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// unpack reads all of an archive.
func unpack(raw []byte) (map[string]string, *Archive, error) {
	a, err := Check(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, nil, err
	}
	files := make(map[string]string)
	for _, f := range a.Files {
		body, err := f.Open()
		if err != nil {
			return nil, nil, err
		}
		text, err := io.ReadAll(body)
		if err != nil {
			return nil, nil, err
		}
		files[f.Path] = string(text)
	}
	return files, a, nil
}

func TestArchivesAreUnpacked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in, out map[string]string
		folder  string
		left    []LeftOut
	}{
		"flat":   {in: map[string]string{"index.html": "a", "src/main.js": "b"}, out: map[string]string{"index.html": "a", "src/main.js": "b"}},
		"folder": {in: map[string]string{"fox/": "", "fox/index.html": "a", "fox/src/main.js": "b"}, out: map[string]string{"index.html": "a", "src/main.js": "b"}, folder: "fox"},
		"junk": {in: map[string]string{"fox/a.js": "a", "fox/node_modules/x/y.js": "y", "fox/node_modules/z.js": "z", "__MACOSX/fox/._a.js": "m", "fox/.DS_Store": "d",
			"fox/.git/config": "g", "fox/sub/Thumbs.db": "t", "fox/node_modules/../../../etc/passwd": "p"}, out: map[string]string{"a.js": "a"}, folder: "fox",
			left: []LeftOut{{"__MACOSX", 1}, {"fox/.DS_Store", 1}, {"fox/.git", 1}, {"fox/node_modules", 3}, {"fox/sub/Thumbs.db", 1}}},
		"sources": {in: map[string]string{"src/main.js": "b"}, out: map[string]string{"src/main.js": "b"}},
		"letters": {in: map[string]string{"e\u0301.js": "a", "b%20c.js": "b", "（１）.png": "c"}, out: map[string]string{"é.js": "a", "b%20c.js": "b", "（１）.png": "c"}},
		"empty":   {in: map[string]string{"a.js": "", "b.js": ""}, out: map[string]string{"a.js": "", "b.js": ""}},
	} {
		files, a, err := unpack(zipped(t, tt.in))
		require.NoError(t, err, name)
		require.Equal(t, tt.out, files, name)
		require.Equal(t, tt.folder, a.Folder, name)
		require.Equal(t, tt.left, a.LeftOut, name)
	}
}

func TestHostileArchivesAreRefused(t *testing.T) {
	t.Parallel()
	plain := map[string]string{"a.js": "let a = 1", "b.js": "let b = 2"}
	good := zipped(t, plain)
	cut := func(raw []byte, n int) []byte { return raw[:len(raw)-n] }
	patch := func(raw []byte, signature string, at int, with ...byte) []byte {
		raw = bytes.Clone(raw)
		copy(raw[bytes.Index(raw, []byte(signature))+at:], with)
		return raw
	}
	kind := func(m fs.FileMode) []byte { return zipped(t, plain, func(h *zip.FileHeader) { h.SetMode(m) }) }
	many := make(map[string]string)
	for i := range MaxEntries + 1 {
		many[fmt.Sprintf("node_modules/%d", i)] = ""
	}
	wide := make(map[string]string)
	for i := range models.MaxProjectFiles + 1 {
		wide[fmt.Sprint(i)] = "x"
	}
	noise := make([]byte, 64<<10)
	_, err := rand.NewChaCha8([32]byte{}).Read(noise)
	require.NoError(t, err)
	total := make(map[string]string)
	for i := range 9 {
		total[fmt.Sprint(i)] = strings.Repeat(string(noise), 8<<20/len(noise))
	}
	stored := func(h *zip.FileHeader) { h.Method = zip.Store } // which is quicker
	for name, tt := range map[string]struct {
		raw  []byte
		code models.Code
		says string
	}{
		"nothing":       {nil, models.CodeInvalidArchive, "not a zip"},
		"no files":      {zipped(t, nil), models.CodeInvalidFiles, "at least one file"},
		"no zip":        {[]byte(strings.Repeat("x", 500)), models.CodeInvalidArchive, "no end"},
		"truncated":     {cut(good, 30), models.CodeInvalidArchive, ""},
		"half":          {cut(good, len(good)/2), models.CodeInvalidArchive, ""},
		"trailing":      {append(bytes.Clone(good), "<script>"...), models.CodeInvalidArchive, "no end"},
		"prefixed":      {append([]byte("GIF89a"), good...), models.CodeInvalidArchive, "not where it says"},
		"slip":          {zipped(t, map[string]string{"../a.js": "x"}), models.CodeInvalidPath, ""},
		"inner slip":    {zipped(t, map[string]string{"a/../../b.js": "x"}), models.CodeInvalidPath, ""},
		"absolute":      {zipped(t, map[string]string{"/etc/passwd": "x"}), models.CodeInvalidPath, "absolute"},
		"drive":         {zipped(t, map[string]string{"C:/a.js": "x"}), models.CodeInvalidPath, ""},
		"backslash":     {zipped(t, map[string]string{`..\a.js`: "x"}), models.CodeInvalidPath, ""},
		"encoded":       {zipped(t, map[string]string{"%2e%2e/a.js": "x"}), models.CodeInvalidPath, "encoded"},
		"twice":         {zipped(t, map[string]string{"a%252Fb.js": "x"}), models.CodeInvalidPath, "encoded"},
		"NUL":           {zipped(t, map[string]string{"a.js\x00.png": "x"}), models.CodeInvalidPath, "control"},
		"twins":         {zipped(t, map[string]string{"é.js": "1", "e\u0301.js": "2"}), models.CodeInvalidFiles, "collide"},
		"case twins":    {zipped(t, map[string]string{"A.js": "1", "a.js": "2"}), models.CodeInvalidFiles, "collide"},
		"slash twin":    {zipped(t, map[string]string{"a\uff0fb.js": "1"}), models.CodeInvalidPath, "look like"},
		"division twin": {zipped(t, map[string]string{"a\u2215b.js": "1"}), models.CodeInvalidPath, "look like"},
		"dots twin":     {zipped(t, map[string]string{"\u2025/a.js": "1"}), models.CodeInvalidPath, "look like"},
		"not UTF-8":     {zipped(t, map[string]string{"\xff.js": "1"}), models.CodeInvalidArchive, "UTF-8"},
		"folder slip":   {zipped(t, map[string]string{"../": "", "a.js": "x"}), models.CodeInvalidPath, ""},
		"both":          {zipped(t, map[string]string{"a": "1", "a/b": "2"}), models.CodeInvalidFiles, "folder"},
		"symlink":       {kind(fs.ModeSymlink | 0o777), models.CodeInvalidArchive, "neither a file"},
		"device":        {kind(fs.ModeDevice | 0o600), models.CodeInvalidArchive, "neither a file"},
		"nested":        {zipped(t, map[string]string{"a.js": string(good)}), models.CodeInvalidArchive, "archive itself"},
		"many entries":  {zipped(t, many), models.CodeInvalidArchive, "entries"},
		"many files":    {zipped(t, wide), models.CodeInvalidFiles, "500"},
		"large file":    {zipped(t, map[string]string{"a": strings.Repeat(string(noise), 8<<20/len(noise)) + "x"}, stored), models.CodeInvalidFiles, "8 MiB"},
		"large":         {zipped(t, total, stored), models.CodeInvalidFiles, "64 MiB"},
		"bomb":          {zipped(t, map[string]string{"a": strings.Repeat("\x00", 8<<20)}), models.CodeInvalidArchive, "too well"},
		"encrypted":     {patch(patch(good, localSignature, 6, 9, 0), directorySignature, 8, 9, 0), models.CodeInvalidArchive, "encrypted"},
		"method":        {patch(patch(good, localSignature, 8, 12, 0), directorySignature, 10, 12, 0), models.CodeInvalidArchive, "method"},
		"local name":    {patch(good, localSignature, localBytes, 'z'), models.CodeInvalidArchive, "differs"},
		"local method":  {patch(good, localSignature, 8, 0, 0), models.CodeInvalidArchive, "differs"},
		"lying size":    {patch(good, directorySignature, 24, 3), models.CodeInvalidArchive, ""},
		"lying more":    {patch(good, directorySignature, 24, 200), models.CodeInvalidArchive, ""},
		"lying sum":     {patch(good, directorySignature, 16, 1, 2, 3, 4), models.CodeInvalidArchive, "damaged"},
		"lying count":   {patch(good, endSignature, 10, 1, 0), models.CodeInvalidArchive, "says that it has 1"},
		"parts":         {patch(good, endSignature, 4, 1, 0), models.CodeInvalidArchive, "several"},
		"overlap":       {overlapping(t), models.CodeInvalidArchive, "differs"},
		"shared":        {shared(), models.CodeInvalidArchive, "overlap"},
	} {
		_, _, err := unpack(tt.raw)
		require.Equal(t, tt.code, models.CodeOf(err), "%s: %v", name, err)
		require.Contains(t, err.Error(), tt.says, name)
	}
}

// overlapping is a zip whose second entry has the content of the first.
func overlapping(t *testing.T) []byte {
	raw := zipped(t, map[string]string{"a.js": "1", "b.js": "2"})
	second := bytes.LastIndex(raw, []byte(directorySignature))
	binary.LittleEndian.PutUint32(raw[second+42:], 0)
	return raw
}

// shared is a zip in whose first entry's content the second one is, whole.
func shared() []byte {
	entry := func(name string, content []byte) []byte {
		h := make([]byte, localBytes)
		copy(h, localSignature)
		binary.LittleEndian.PutUint32(h[14:], crc32.ChecksumIEEE(content))
		binary.LittleEndian.PutUint32(h[18:], uint32(len(content)))
		binary.LittleEndian.PutUint32(h[22:], uint32(len(content)))
		binary.LittleEndian.PutUint16(h[26:], uint16(len(name)))
		return slices.Concat(h, []byte(name), content)
	}
	inner := entry("b", []byte("x"))
	out := entry("a", inner)
	start := len(out)
	for _, e := range []struct {
		name    string
		content []byte
		offset  int
	}{{"a", inner, 0}, {"b", []byte("x"), localBytes + 1}} {
		h := make([]byte, directoryBytes)
		copy(h, directorySignature)
		binary.LittleEndian.PutUint32(h[16:], crc32.ChecksumIEEE(e.content))
		binary.LittleEndian.PutUint32(h[20:], uint32(len(e.content)))
		binary.LittleEndian.PutUint32(h[24:], uint32(len(e.content)))
		binary.LittleEndian.PutUint16(h[28:], 1)
		binary.LittleEndian.PutUint32(h[42:], uint32(e.offset))
		out = append(append(out, h...), e.name...)
	}
	end := make([]byte, endBytes)
	copy(end, endSignature)
	binary.LittleEndian.PutUint16(end[8:], 2)
	binary.LittleEndian.PutUint16(end[10:], 2)
	binary.LittleEndian.PutUint32(end[12:], uint32(len(out)-start))
	binary.LittleEndian.PutUint32(end[16:], uint32(start))
	return append(out, end...)
}

// wide64 is a zip with zip64 records, as programs write them that do not know how large it becomes.
func wide64() []byte {
	content := []byte("let a = 1")
	h := make([]byte, localBytes)
	copy(h, localSignature)
	binary.LittleEndian.PutUint32(h[14:], crc32.ChecksumIEEE(content))
	binary.LittleEndian.PutUint64(h[18:], 1<<64-1)
	binary.LittleEndian.PutUint16(h[26:], 4)
	extra := make([]byte, 20)
	binary.LittleEndian.PutUint16(extra, extra64)
	binary.LittleEndian.PutUint16(extra[2:], 16)
	binary.LittleEndian.PutUint64(extra[4:], uint64(len(content)))
	binary.LittleEndian.PutUint64(extra[12:], uint64(len(content)))
	binary.LittleEndian.PutUint16(h[28:], 20)
	out := slices.Concat(h, []byte("a.js"), extra, content)
	start := len(out)
	d := make([]byte, directoryBytes)
	copy(d, directorySignature)
	binary.LittleEndian.PutUint32(d[16:], crc32.ChecksumIEEE(content))
	binary.LittleEndian.PutUint64(d[20:], 1<<64-1)
	binary.LittleEndian.PutUint16(d[28:], 4)
	binary.LittleEndian.PutUint16(d[30:], 20)
	out = append(append(append(out, d...), "a.js"...), extra...)
	size := len(out) - start
	record := make([]byte, end64Bytes+locatorBytes+endBytes)
	copy(record, end64Signature)
	binary.LittleEndian.PutUint64(record[4:], end64Bytes-12)
	binary.LittleEndian.PutUint64(record[24:], 1)
	binary.LittleEndian.PutUint64(record[32:], 1)
	binary.LittleEndian.PutUint64(record[40:], uint64(size))
	binary.LittleEndian.PutUint64(record[48:], uint64(start))
	locator := record[end64Bytes:]
	copy(locator, locatorSignature)
	binary.LittleEndian.PutUint64(locator[8:], uint64(len(out)))
	binary.LittleEndian.PutUint32(locator[16:], 1)
	end := locator[locatorBytes:]
	copy(end, endSignature)
	binary.LittleEndian.PutUint64(end[8:], 1<<64-1)
	binary.LittleEndian.PutUint32(end[16:], 1<<32-1)
	return append(out, record...)
}

func TestZip64(t *testing.T) {
	t.Parallel()
	files, _, err := unpack(wide64())
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a.js": "let a = 1"}, files)
	lying := wide64()
	at := bytes.Index(lying, []byte(end64Signature))
	for _, change := range []int{at + 4, at + 32, at + 40, at + 48, at + end64Bytes + 8} {
		raw := bytes.Clone(lying)
		raw[change]++
		_, _, err := unpack(raw)
		require.Equal(t, models.CodeInvalidArchive, models.CodeOf(err), "byte %d", change)
	}
}

// FuzzCheck holds that whatever is unpacked is a project within its limits, and that nothing else is an error without a code.
func FuzzCheck(f *testing.F) {
	f.Add(zipped(f, map[string]string{"fox/a.js": "1", "fox/.git/x": "2", "fox/b/c.png": "3"}))
	f.Add(wide64())
	f.Add(shared())
	f.Fuzz(func(t *testing.T, raw []byte) {
		files, a, err := unpack(raw)
		if err != nil {
			if models.CodeOf(err) == models.CodeInternal {
				t.Fatal(err)
			}
			return
		}
		set := make(models.Manifest, 0, len(files))
		for path, text := range files {
			set = append(set, models.ManifestEntry{Path: path, Size: int64(len(text))})
		}
		if err := models.CheckManifest(set); err != nil || len(set) != len(a.Files) {
			t.Fatal(err)
		}
	})
}
