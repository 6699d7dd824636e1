package backup

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
)

// ignored takes everything.
type ignored struct{}

func (ignored) row(t store.Table, values []any) error { return nil }

func (ignored) content(_ string, _ int64, r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// Whatever a file has in it, it is read without a crash, and told to be damaged if it is not a whole backup.
func FuzzRead(f *testing.F) {
	dir := f.TempDir()
	url := "sqlite://" + filepath.Join(dir, "spark.db")
	_, err := store.Migrate(f.Context(), url)
	require.NoError(f, err)
	blobs, err := blob.Open(filepath.Join(dir, "blobs"), nil)
	require.NoError(f, err)
	made, err := Write(f.Context(), url, blobs, dir)
	require.NoError(f, err)
	sound, err := os.ReadFile(made.File)
	require.NoError(f, err)
	f.Add(sound)
	f.Add(sound[:len(sound)/2])
	f.Add([]byte("no tar"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newReader(bytes.NewReader(data))
		h, err := r.header()
		if err == nil {
			_, err = r.rest(h, ignored{})
		}
		if err != nil {
			require.Contains(t, []models.Code{models.CodeDamaged, models.CodeInvalidRequest}, models.CodeOf(err))
		}
	})
}

// A value of every kind is what it was after it was written and read.
func TestValuesSurvive(t *testing.T) {
	t.Parallel()
	columns := []store.Column{{Name: "i", Kind: store.KindInteger}, {Name: "r", Kind: store.KindReal}, {Name: "b", Kind: store.KindBoolean},
		{Name: "t", Kind: store.KindText}, {Name: "y", Kind: store.KindBytes}, {Name: "n", Kind: store.KindText}}
	for _, row := range [][]any{
		{int64(-1 << 63), 0.1, true, "ä\x00\u2028<>&", []byte{0, 255}, nil},
		{int64(1<<63 - 1), 1e-300, false, "not \xff UTF-8", []byte{}, ""},
		{int64(1<<53 + 1), math.Copysign(0, -1), true, `["AA=="]`, []byte(nil), `{"a": 1.0}`},
	} {
		line, err := encode(nil, columns, row)
		require.NoError(t, err)
		got, err := decode(line, columns)
		require.NoError(t, err)
		if len(row[4].([]byte)) == 0 {
			require.Empty(t, got[4])
			got[4] = row[4]
		}
		require.Equal(t, row, got)
	}
}
