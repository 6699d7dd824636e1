package blob

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// damage changes what is stored under a digest, whose file then differs in its time as well, however coarse the disk's clock is.
func damage(t *testing.T, f *Folder, digest, text string) {
	t.Helper()
	info, err := os.Stat(f.path(digest))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(f.path(digest), []byte(text), 0o600))
	later := info.ModTime().Add(time.Second)
	require.NoError(t, os.Chtimes(f.path(digest), later, later))
}

// What was found damaged is set aside, by whichever way of reading, and is damaged to every process until it is repaired.
func TestDamageIsQuarantined(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(f *Folder, change func()) error{
		"opened": func(f *Folder, change func()) error {
			change()
			_, err := f.Open(t.Context(), hello)
			return err
		},
		"read": func(f *Folder, change func()) error {
			c, err := f.Open(t.Context(), hello)
			require.NoError(t, err)
			defer c.Close()
			change()
			_, err = io.ReadAll(c)
			return err
		},
		"a range": func(f *Folder, change func()) error {
			c, err := f.Open(t.Context(), hello)
			require.NoError(t, err)
			defer c.Close()
			change()
			_, err = c.(io.ReaderAt).ReadAt(make([]byte, 2), 1)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := 0
			f, err := Open(t.TempDir(), func(string, error) { told++ })
			require.NoError(t, err)
			require.NoError(t, f.PutModule(t.Context(), "hello.js", []byte("hello")))
			other, err := Open(f.dir, nil) // another process
			require.NoError(t, err)
			for _, text := range []string{"jello", "hell", ""} {
				told = 0
				err := read(f, func() { damage(t, f, hello, text) })
				require.Equal(t, models.CodeDamaged, models.CodeOf(err))
				require.Equal(t, 1, told)
				require.NoFileExists(t, f.path(hello))
				kept, err := os.ReadFile(filepath.Join(f.dir, "quarantine", hello))
				require.NoError(t, err)
				require.Equal(t, text, string(kept))

				_, err = f.Open(t.Context(), hello)
				require.Equal(t, models.CodeDamaged, models.CodeOf(err))
				require.Equal(t, 2, told)
				_, err = other.Open(t.Context(), hello)
				require.Equal(t, models.CodeDamaged, models.CodeOf(err))
				require.Equal(t, models.CodeNotFound, models.CodeOf(f.Renew(t.Context(), hello, 5)))
				modules, err := f.Modules() // of which a backup says that it is missing
				require.NoError(t, err)
				require.Len(t, modules, 1)
				n, err := f.Sweep(t.Context(), mine, 0, time.Time{}, func(context.Context, func(string) error) error { return nil })
				require.NoError(t, err)
				require.Zero(t, n)
				require.Equal(t, 1, left(t, f, "quarantine"))

				put(t, other, []byte("hello"))
				require.Zero(t, left(t, f, "quarantine"))
				data, err := get(t, f, hello)
				require.NoError(t, err)
				require.Equal(t, "hello", data)
			}
		})
	}
}

// A reader that still has a damaged file open does not set aside the one that has replaced it.
func TestRepairIsNotQuarantined(t *testing.T) {
	t.Parallel()
	f := open(t)
	put(t, f, []byte("hello"))
	c, err := f.Open(t.Context(), hello)
	require.NoError(t, err)
	defer c.Close()
	damage(t, f, hello, "jello")
	put(t, f, []byte("hello"))
	_, err = io.ReadAll(c)
	require.Equal(t, models.CodeDamaged, models.CodeOf(err))
	data, err := get(t, f, hello)
	require.NoError(t, err)
	require.Equal(t, "hello", data)
	require.Zero(t, left(t, f, "quarantine"))
}

// Whoever reads while others damage and repair gets the content, or hears that it is damaged, and never that there is none.
func TestQuarantineBesideRepairs(t *testing.T) {
	t.Parallel()
	f := open(t)
	other, err := Open(f.dir, nil)
	require.NoError(t, err)
	put(t, f, []byte("hello"))
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				if data, err := get(t, other, hello); err != nil && models.CodeOf(err) != models.CodeDamaged || err == nil && data != "hello" {
					t.Errorf("%q, %v", data, err)
				}
			}
		})
	}
	for range 100 {
		bad := filepath.Join(f.dir, "bad")
		require.NoError(t, os.WriteFile(bad, []byte("other"), 0o600))
		require.NoError(t, os.Rename(bad, f.path(hello)))
		_, err := f.Open(t.Context(), hello)
		require.Equal(t, models.CodeDamaged, models.CodeOf(err))
		put(t, f, []byte("hello"))
	}
	cancel()
	readers.Wait()
}
