package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func deflated(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func brotlied(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func words(all ...int) string {
	var b []byte
	for _, n := range all {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return string(b)
}

// aWOFF has a packed and a plain table, and something behind or a change of the header.
func aWOFF(t testing.TB, behind string, change func(h []byte)) string {
	t.Helper()
	table := strings.Repeat("cmap", 100)
	packed := deflated(t, table)
	at := 44 + 2*20
	body := packed + strings.Repeat("\x00", (4-len(packed)%4)%4)
	rows := "cmap" + words(at, len(packed), len(table), 0) + "head" + words(at+len(body), 8, 8, 0)
	body += "headhead"
	head := []byte("wOFF" + words(0x10000, at+len(body)+len(behind), 2<<16, 1000, 1<<16, 0, 0, 0, 0, 0))
	if change != nil {
		change(head)
	}
	return string(head) + rows + body + behind
}

// aWOFF2 has two tables in one stream.
func aWOFF2(t testing.TB, stream, behind string, change func(h []byte)) string {
	t.Helper()
	rows := "\x00\x64" + "\x01\x08" + "\x3fABCD\x81\x00" // cmap of 100 bytes, head of 8, and one with a name of 128
	packed := brotlied(t, stream)
	head := []byte("wOF2" + words(0x10000, 48+len(rows)+len(packed)+len(behind), 3<<16, 1000, len(packed), 1<<16, 0, 0, 0, 0, 0))
	if change != nil {
		change(head)
	}
	return string(head) + rows + packed + behind
}

func TestWebFontsAreReadWhole(t *testing.T) {
	t.Parallel()
	tables := strings.Repeat("x", 100+8+128)
	for name, c := range map[string]struct {
		file string
		data string
		ok   bool
	}{
		"woff":                       {"a.woff", aWOFF(t, "", nil), true},
		"woff with more behind":      {"a.woff", aWOFF(t, "behind", nil), false},
		"woff with private data":     {"a.woff", aWOFF(t, "", func(h []byte) { h[39] = 200 }), false},
		"woff that unpacks to more":  {"a.woff", strings.Replace(aWOFF(t, "", nil), words(400, 0), words(399, 0), 1), false},
		"woff that unpacks to less":  {"a.woff", strings.Replace(aWOFF(t, "", nil), words(400, 0), words(401, 0), 1), false},
		"woff that is a bomb":        {"a.woff", strings.Replace(aWOFF(t, "", nil), words(400, 0), words(1<<30, 0), 1), false},
		"woff without characters":    {"a.woff", strings.Replace(aWOFF(t, "", nil), "head\x00", "daeh\x00", 1), false},
		"woff2":                      {"a.woff2", aWOFF2(t, tables, "", nil), true},
		"woff2 with more behind":     {"a.woff2", aWOFF2(t, tables, "behind", nil), false},
		"woff2 with private data":    {"a.woff2", aWOFF2(t, tables, "", func(h []byte) { h[43] = 1 }), false},
		"woff2 that unpacks to more": {"a.woff2", aWOFF2(t, tables+"x", "", nil), false},
		"woff2 that unpacks to less": {"a.woff2", aWOFF2(t, tables[1:], "", nil), false},
		"woff2 that is a bomb":       {"a.woff2", aWOFF2(t, strings.Repeat("x", 40<<20), "", nil), false},
		"woff2 with a longer stream": {"a.woff2", aWOFF2(t, tables, "12345678", func(h []byte) { h[23] += 8 }), false},
		"woff2 that is a collection": {"a.woff2", aWOFF2(t, tables, "", func(h []byte) { copy(h[4:], "ttcf") }), false},
		"woff2 that breaks off":      {"a.woff2", aWOFF2(t, tables, "", nil)[:60], false},
	} {
		_, err := Inspect(strings.NewReader(c.data), int64(len(c.data)), c.file, "")
		if c.ok {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, models.CodeAssetRefused, models.CodeOf(err), name)
	}
}
