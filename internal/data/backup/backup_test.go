package backup

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
)

// A backup of either database, restored into either, has every row and every file: the backup of the copy is the same.
func TestRestoredIsWhatWasBackedUp(t *testing.T) {
	t.Parallel()
	for _, way := range [][2]string{{lite, lite}, {lite, post}, {post, lite}, {post, post}} {
		t.Run(way[0]+" to "+way[1], func(t *testing.T) {
			t.Parallel()
			url, blobs := old(t, way[0]), folder(t)
			s := opened(t, url)
			p := newProject(t, s)
			large := put(t, blobs, strings.Repeat("large", 1<<18))
			large.Path = "assets/large.json"
			require.NoError(t, commit(t.Context(), s, p, large, put(t, blobs, "a game")))
			require.NoError(t, blobs.PutModule(t.Context(), "phaser.js", []byte("an engine")))
			put(t, blobs, "nothing refers to this")
			submit(t, s, p)
			_, events, _, err := s.Stream.Sequence(t.Context(), 1000)
			require.NoError(t, err)
			require.Equal(t, 2, events)
			position, err := s.Stream.Position(t.Context())
			require.NoError(t, err)
			submit(t, s, p)
			arriving := &models.AssetUpload{ID: models.NewID(), AccountID: p.AccountID, Name: "a.txt"}
			_, err = s.Uploads.Create(t.Context(), arriving, models.UploadLimits{Open: 1, Expiry: time.Hour})
			require.NoError(t, err)
			require.NoError(t, s.Uploads.Advance(t.Context(), arriving, models.AssetPart{Size: 1, File: models.NewID()}))

			dir := t.TempDir()
			made, err := Write(t.Context(), url, blobs, dir)
			require.NoError(t, err)
			require.Equal(t, dir, filepath.Dir(made.File))
			require.NotZero(t, made.Rows)
			require.Equal(t, int64(3), made.Files)
			require.NotEmpty(t, made.Missing, "the files of version 25 are not there")
			info, err := os.Stat(made.File)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode())

			target, into := empty(t, way[1]), folder(t)
			restored, err := Restore(t.Context(), target, into, made.File)
			require.NoError(t, err)
			require.Equal(t, []any{made.RecoveryPoint, made.Rows, made.Files, made.Bytes, made.Missing, made.Schema},
				[]any{restored.RecoveryPoint, restored.Rows, restored.Files, restored.Bytes, restored.Missing, restored.Schema})
			again, err := Write(t.Context(), target, into, filepath.Join(dir, "again.tar"))
			require.NoError(t, err)
			wantHeader, want := contentOf(t, fileContent(t, made.File))
			gotHeader, got := contentOf(t, fileContent(t, again.File))
			for _, c := range []*content{want, got} { // positions are the platform's that was lost
				delete(c.rows, "event_stream")
				delete(c.rows, "event_bounds")
			}
			require.Equal(t, want, got)
			require.Empty(t, want.rows["asset_uploads"], "what arrives is not in a backup")
			require.Empty(t, want.rows["asset_upload_parts"])
			require.Equal(t, wantHeader.Migrations, gotHeader.Migrations)
			require.Equal(t, wantHeader.Modules, gotHeader.Modules)
			require.Equal(t, wantHeader.Platform, gotHeader.Platform)
			require.Contains(t, strings.Join(got.rows["accounts"], "\n"), "Füchse 🦊")

			// And the copy works.
			copied, err := store.OpenMigrated(t.Context(), target)
			require.NoError(t, err)
			require.NoError(t, commit(t.Context(), copied, p, put(t, into, "an edit")))

			// Who followed the old platform is told that this is another one.
			_, err = copied.Stream.After(t.Context(), p.AccountID, models.Place{}, position, 10)
			require.Equal(t, models.CodeCursorExpired, models.CodeOf(err))
			submit(t, copied, p)
			_, events, _, err = copied.Stream.Sequence(t.Context(), 1000)
			require.NoError(t, err)
			require.Equal(t, 4, events)
			_, err = copied.Stream.After(t.Context(), p.AccountID, models.Place{}, position+4, 10)
			require.Equal(t, models.CodeCursorExpired, models.CodeOf(err))
			told, err := copied.Stream.After(t.Context(), p.AccountID, models.Place{}, 0, 10)
			require.NoError(t, err)
			require.Len(t, told, 4)
			require.NoError(t, copied.Close())
		})
	}
}

// A backup of an older schema is restored with that schema, and then migrated like any other database.
func TestBackupOfAnOlderSchema(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{lite, post} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := old(t, kind)
			file := filepath.Join(t.TempDir(), "old.tar")
			made, err := Write(t.Context(), url, folder(t), file)
			require.NoError(t, err)
			require.Equal(t, int64(25), made.Schema)
			schema, err := store.SchemaOf(t.Context(), url)
			require.NoError(t, err)
			require.Equal(t, int64(25), schema.Version, "a backup changes nothing")

			newer := empty(t, kind)
			_, err = store.Migrate(t.Context(), newer)
			require.NoError(t, err)
			_, err = Restore(t.Context(), newer, folder(t), file)
			require.ErrorContains(t, err, "restore into a database without tables")

			target, into := empty(t, kind), folder(t)
			_, err = Restore(t.Context(), target, into, file)
			require.NoError(t, err)
			_, err = store.OpenMigrated(t.Context(), target)
			require.ErrorIs(t, err, store.ErrNotMigrated)
			again := filepath.Join(t.TempDir(), "again.tar")
			_, err = Write(t.Context(), target, into, again)
			require.NoError(t, err)
			_, want := contentOf(t, fileContent(t, file))
			_, got := contentOf(t, fileContent(t, again))
			require.Equal(t, want, got)
			_, err = store.Migrate(t.Context(), target)
			require.NoError(t, err)
		})
	}
}

// A database that is in use, a folder of another platform and a file that exists are refused and stay as they are. A database that
// has only been migrated is new.
func TestNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{lite, post} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url, blobs, file := empty(t, kind), folder(t), filepath.Join(t.TempDir(), "b.tar")
			s := opened(t, url)
			newProject(t, s)
			_, err := Write(t.Context(), url, blobs, file)
			require.NoError(t, err)
			before := fileContent(t, file)
			_, err = Write(t.Context(), url, blobs, file)
			require.ErrorContains(t, err, "exists already")
			require.Equal(t, before, fileContent(t, file))

			_, err = Restore(t.Context(), url, folder(t), file)
			require.ErrorIs(t, err, store.ErrNotEmpty)

			target := empty(t, kind)
			_, err = store.Migrate(t.Context(), target)
			require.NoError(t, err)
			foreign := folder(t)
			require.NoError(t, foreign.Adopt(models.NewID()))
			_, err = Restore(t.Context(), target, foreign, file)
			require.ErrorContains(t, err, "belongs to another database")
			_, err = Write(t.Context(), url, foreign, file+"2")
			require.ErrorContains(t, err, "belongs to another database")
			_, err = Restore(t.Context(), target, folder(t), file)
			require.NoError(t, err)
			id, err := opened(t, target).Platform.ID(t.Context())
			require.NoError(t, err)
			own, err := s.Platform.ID(t.Context())
			require.NoError(t, err)
			require.Equal(t, own, id)
			_, err = Restore(t.Context(), target, folder(t), file)
			require.ErrorIs(t, err, store.ErrNotEmpty)
		})
	}
}

// ending is a context that ends when it has been asked a number of times.
type ending struct {
	context.Context
	cancel context.CancelFunc
	left   atomic.Int32
}

func (e *ending) Err() error {
	if e.left.Add(-1) == 0 {
		e.cancel()
	}
	return e.Context.Err()
}

// A backup that is interrupted at any moment leaves nothing, and what it held is released.
func TestInterruptedBackupLeavesNoFile(t *testing.T) {
	t.Parallel()
	url, blobs := empty(t, lite), folder(t)
	s := opened(t, url)
	p := newProject(t, s)
	for _, content := range []string{"one", "two", "three"} {
		require.NoError(t, commit(t.Context(), s, p, put(t, blobs, content)))
	}
	interrupted := 0
	for n := int32(1); ; n++ {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		e := &ending{Context: ctx, cancel: cancel}
		e.left.Store(n)
		_, err := Write(e, url, blobs, dir)
		cancel()
		left, rerr := os.ReadDir(dir)
		require.NoError(t, rerr)
		if err == nil {
			require.Len(t, left, 1)
			break
		}
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, left)
		interrupted++
	}
	require.Greater(t, interrupted, 3)
}

// A file that was cut off or has changed anywhere is not restored: the database stays empty, and takes the sound one afterwards.
func TestDamagedBackupIsNotRestored(t *testing.T) {
	t.Parallel()
	url, blobs, file := empty(t, lite), folder(t), filepath.Join(t.TempDir(), "b.tar")
	s := opened(t, url)
	p := newProject(t, s)
	require.NoError(t, commit(t.Context(), s, p, put(t, blobs, strings.Repeat("a game ", 1000))))
	_, err := Write(t.Context(), url, blobs, file)
	require.NoError(t, err)
	sound := fileContent(t, file)

	target, into, broken := empty(t, lite), folder(t), filepath.Join(t.TempDir(), "broken.tar")
	try := func(data []byte) error {
		require.NoError(t, os.WriteFile(broken, data, 0o600))
		_, err := Restore(t.Context(), target, into, broken)
		return err
	}
	for _, length := range []int{0, 1, 511, 512, 4096, len(sound) / 4, len(sound) / 2, len(sound) * 3 / 4, len(sound) - 2048} {
		require.Equal(t, models.CodeDamaged, models.CodeOf(try(sound[:length])), "%d of %d bytes", length, len(sound))
	}
	for _, part := range []string{"recovery_point", "a game a game", `"rows"`, "ustar"} {
		changed := []byte(strings.Replace(string(sound), part, strings.Repeat("x", len(part)), 1))
		require.NotEqual(t, sound, changed, part)
		require.Error(t, try(changed), part)
	}
	rows := strings.Index(string(sound), "\x1f\x8b") // gzip
	changed := append([]byte{}, sound...)
	changed[rows+40] ^= 1
	require.Error(t, try(changed))
	later := strings.Replace(string(sound), `"format": 1`, `"format": 9`, 1)
	require.ErrorContains(t, try([]byte(later)), "it is of a newer Spark")
	later = strings.Replace(string(sound), `    25,`, `    95,`, 1)
	require.ErrorContains(t, try([]byte(later)), "does not know: it is of a newer Spark")

	require.NoError(t, try(sound))
}
