package tree

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func digest(i int) string { return fmt.Sprintf("%064x", i) }

// wide is a manifest of n files in folders of fifty.
func wide(n int) models.Manifest {
	m := make(models.Manifest, n)
	for i := range m {
		p := fmt.Sprintf("assets/%02d/level %d.json", i/50, i)
		m[i] = models.ManifestEntry{Path: p, SHA256: digest(i), Size: int64(i), MediaType: models.MediaType(p)}
	}
	m.Sort()
	return m
}

func read(t *testing.T, root string, trees Trees) (models.Manifest, int) {
	t.Helper()
	questions := 0
	m, err := Read(root, func(digests []string) (Trees, error) {
		questions++
		found := make(Trees)
		for _, d := range digests {
			if data, ok := trees[d]; ok {
				found[d] = data
			}
		}
		return found, nil
	})
	require.NoError(t, err)
	return m, questions
}

func TestManifestComesBack(t *testing.T) {
	t.Parallel()
	file := func(p string) models.ManifestEntry {
		return models.ManifestEntry{Path: p, SHA256: digest(len(p)), Size: 1 << 40, MediaType: models.MediaType(p)}
	}
	for name, m := range map[string]models.Manifest{
		"none":          {},
		"one":           {file("index.html")},
		"order":         {file("a.js"), file("a/b.js"), file("a0/b.js")}, // '.' sorts before '/', which sorts before '0'
		"names":         {file("größe/ö 1 .js"), file("x/f abc 12 d")},
		"equal folders": {file("a/x/1.js"), file("b/x/1.js")},
		"wide":          wide(5000),
		"deep":          {file(strings.Repeat("d/", models.MaxPathDepth-1) + "x.js")},
	} {
		root, trees, err := Of(m)
		require.NoError(t, err, name)
		m.Sort()
		got, questions := read(t, root, trees)
		require.Equal(t, m, got, name)
		require.LessOrEqual(t, questions, models.MaxPathDepth, name)
		slices.Reverse(m)
		again, _, err := Of(m)
		require.NoError(t, err, name)
		require.Equal(t, root, again, name)
	}
}

// A change of one file of five thousand makes the trees of the folders above it, and no others.
func TestOneFileChangesItsFoldersAlone(t *testing.T) {
	t.Parallel()
	m := wide(5000)
	_, before, err := Of(m)
	require.NoError(t, err)
	require.Len(t, before, 102, "a hundred folders, the one around them, and the topmost")
	m[2500].SHA256 = digest(1 << 30)
	_, after, err := Of(m)
	require.NoError(t, err)
	maps.DeleteFunc(after, func(d string, _ []byte) bool { return before[d] != nil })
	require.Len(t, after, 3)
	size := 0
	for _, data := range after {
		size += len(data)
	}
	require.Less(t, size, 16<<10)
}

func TestWhatIsNoManifestIsRefused(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]models.Manifest{
		"newline":         {{Path: "a\nb", SHA256: digest(1)}},
		"no name":         {{Path: "", SHA256: digest(1)}},
		"rooted":          {{Path: "/a", SHA256: digest(1)}},
		"folder":          {{Path: "a/", SHA256: digest(1)}},
		"twice":           {{Path: "a", SHA256: digest(1)}, {Path: "a", SHA256: digest(2)}},
		"file and folder": {{Path: "a", SHA256: digest(1)}, {Path: "a/b", SHA256: digest(2)}},
		"up":              {{Path: "../a", SHA256: digest(1)}},
		"digest":          {{Path: "a", SHA256: "xyz"}},
		"size":            {{Path: "a", SHA256: digest(1), Size: -1}},
	} {
		_, _, err := Of(m)
		require.Error(t, err, name)
	}
}

func TestReadNoticesWhatIsWrong(t *testing.T) {
	t.Parallel()
	root, trees, err := Of(wide(100))
	require.NoError(t, err)
	fetch := func(digests []string) (Trees, error) { return trees, nil }
	for d, data := range maps.Clone(trees) {
		delete(trees, d)
		_, err := Read(root, fetch)
		require.ErrorContains(t, err, "missing")
		trees[d] = append(bytes.Clone(data), "f "+digest(1)+" 1 zzz\n"...)
		_, err = Read(root, fetch)
		require.Equal(t, models.CodeDamaged, models.CodeOf(err))
		trees[d] = data
	}
	_, err = Read(root, fetch)
	require.NoError(t, err)
}

func FuzzDecode(f *testing.F) {
	_, trees, err := Of(wide(60))
	if err != nil {
		f.Fatal(err)
	}
	for _, data := range trees {
		f.Add(data)
	}
	f.Add([]byte("f " + digest(1) + " 007 a\n"))
	f.Add([]byte("d " + digest(1) + " a/b\n"))
	f.Add([]byte("f " + digest(1) + " 9223372036854775808 a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := decode(data)
		if err != nil {
			return
		}
		if !bytes.Equal(encode(entries), data) {
			t.Errorf("%q is read as %q", data, encode(entries))
		}
		for _, e := range entries {
			if e.name == "" || strings.Contains(e.name, "/") || e.size < 0 {
				t.Errorf("%q has the entry %+v", data, e)
			}
		}
	})
}
