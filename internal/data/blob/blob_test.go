package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

// mine is the platform of these tests.
const mine = "00000000-0000-7000-8000-00000000000a"

func open(t *testing.T) *Folder {
	t.Helper()
	f, err := Open(t.TempDir(), nil)
	require.NoError(t, err)
	require.NoError(t, f.Adopt(mine))
	return f
}

func put(t *testing.T, f *Folder, data []byte) string {
	t.Helper()
	digest, size, err := f.Put(t.Context(), bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Equal(t, int64(len(data)), size)
	return digest
}

func get(t *testing.T, f *Folder, digest string) (string, error) {
	t.Helper()
	c, err := f.Open(t.Context(), digest)
	if err != nil {
		return "", err
	}
	defer c.Close()
	data, err := io.ReadAll(c)
	return string(data), err
}

func random(n int) []byte {
	data := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(data)
	return data
}

func left(t *testing.T, f *Folder, sub string) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(f.dir, sub))
	require.NoError(t, err)
	return len(entries)
}

func TestPutAndOpen(t *testing.T) {
	t.Parallel()
	f := open(t)
	var wg sync.WaitGroup
	for range 8 { // equal content concurrently
		wg.Go(func() {
			sum, size, err := f.Put(t.Context(), iotest.OneByteReader(strings.NewReader("hello")), 5)
			if err != nil || sum != hello || size != 5 {
				t.Errorf("put: %s, %d, %v", sum, size, err)
			}
		})
	}
	wg.Wait()
	data, err := get(t, f, hello)
	require.NoError(t, err)
	require.Equal(t, "hello", data)
	require.Zero(t, left(t, f, "tmp"))
	require.NoError(t, f.Ping(t.Context()))
	require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", put(t, f, nil))

	for _, digest := range []string{"", "..", "../../etc/passwd", strings.Repeat("a", 64), strings.Repeat("A", 64)} {
		_, err := f.Open(t.Context(), digest)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err), digest)
	}
}

// What is refused, or breaks off, leaves nothing behind.
func TestRefusedContentIsNotKept(t *testing.T) {
	t.Parallel()
	f := open(t)
	for _, size := range []int{1, headBytes - 1, headBytes, headBytes + 1, 2*headBytes + 7} {
		data := random(size)
		_, _, err := f.Put(t.Context(), bytes.NewReader(data), int64(size)-1)
		require.Equal(t, models.CodePayloadTooLarge, models.CodeOf(err), size)
		broken := errors.New("the line broke")
		_, _, err = f.Put(t.Context(), io.MultiReader(bytes.NewReader(data), iotest.ErrReader(broken)), 1<<30)
		require.ErrorIs(t, err, broken, size)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, _, err = f.Put(ctx, bytes.NewReader(data), 1<<30)
		require.ErrorIs(t, err, context.Canceled, size)
		require.Zero(t, left(t, f, "blobs")+left(t, f, "tmp"), size)
		put(t, f, data)
		require.NoError(t, os.RemoveAll(filepath.Join(f.dir, "blobs")))
		require.NoError(t, os.Mkdir(filepath.Join(f.dir, "blobs"), 0o700))
	}
}

func TestRangesOfLargeContent(t *testing.T) {
	t.Parallel()
	f := open(t)
	data := random(3<<20 + 11)
	c, err := f.Open(t.Context(), put(t, f, data))
	require.NoError(t, err)
	defer c.Close()
	end, err := c.Seek(0, io.SeekEnd)
	require.NoError(t, err)
	require.Equal(t, int64(len(data)), end)
	part := make([]byte, 100)
	_, err = c.(io.ReaderAt).ReadAt(part, 1<<20)
	require.NoError(t, err)
	require.Equal(t, data[1<<20:1<<20+100], part)
	_, err = c.Seek(7, io.SeekStart)
	require.NoError(t, err)
	rest, err := io.ReadAll(c)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data[7:], rest))
	_, err = c.Seek(0, io.SeekStart)
	require.NoError(t, err)
	whole, err := io.ReadAll(c)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, whole))
}

// However large a content is, storing and reading it takes the memory of a buffer.
func TestContentIsNeverWholeInMemory(t *testing.T) { //nolint:paralleltest // it measures the process
	f := open(t)
	const size = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	digest, _, err := f.Put(t.Context(), io.LimitReader(rand.NewChaCha8([32]byte{2}), size), size)
	require.NoError(t, err)
	c, err := f.Open(t.Context(), digest)
	require.NoError(t, err)
	defer c.Close()
	h := sha256.New()
	_, err = io.Copy(h, c)
	require.NoError(t, err)
	require.Equal(t, digest, hex.EncodeToString(h.Sum(nil)))
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
}

func TestDamageIsToldAndRepaired(t *testing.T) {
	t.Parallel()
	var told []string
	f, err := Open(t.TempDir(), func(digest string, _ error) { told = append(told, digest) })
	require.NoError(t, err)
	sum := put(t, f, []byte("hello"))
	later := time.Now()
	damage := func(text string) {
		require.NoError(t, os.WriteFile(f.path(sum), []byte(text), 0o600))
		later = later.Add(time.Second) // clocks of file systems are coarse
		require.NoError(t, os.Chtimes(f.path(sum), later, later))
	}

	for _, text := range []string{"hellO", "hell", "hello!", ""} { // before it is opened: not one byte
		damage(text)
		_, err = f.Open(t.Context(), sum)
		require.Equal(t, models.CodeDamaged, models.CodeOf(err), text)
		require.Equal(t, sum, told[len(told)-1])
		require.Equal(t, sum, put(t, f, []byte("hello"))) // whoever stores it again repairs it
		data, err := get(t, f, sum)
		require.NoError(t, err)
		require.Equal(t, "hello", data)
	}

	c, err := f.Open(t.Context(), sum) // after it was opened: the response is broken off
	require.NoError(t, err)
	defer c.Close()
	damage("jello")
	data, err := io.ReadAll(c)
	require.Equal(t, models.CodeDamaged, models.CodeOf(err))
	require.Empty(t, data)
	_, err = f.Open(t.Context(), sum)
	require.Equal(t, models.CodeDamaged, models.CodeOf(err))

	put(t, f, []byte("hello")) // a range of what was damaged meanwhile
	r, err := f.Open(t.Context(), sum)
	require.NoError(t, err)
	defer r.Close()
	_, err = r.Seek(2, io.SeekStart)
	require.NoError(t, err)
	damage("JELLO")
	_, err = io.ReadAll(r)
	require.Equal(t, models.CodeDamaged, models.CodeOf(err))
}

// Another process that stores the same content refreshes the age of the blob; a reader of a range must not take that for damage.
func TestRangeWhileStoredAgain(t *testing.T) {
	t.Parallel()
	var told []string
	f, err := Open(t.TempDir(), func(digest string, _ error) { told = append(told, digest) })
	require.NoError(t, err)
	data := random(headBytes)
	sum := put(t, f, data)
	long := time.Now().Add(-2 * freshFor)
	require.NoError(t, os.Chtimes(f.path(sum), long, long))
	r, err := f.Open(t.Context(), sum)
	require.NoError(t, err)
	defer r.Close()
	other, err := Open(f.dir, nil)
	require.NoError(t, err)
	put(t, other, data)
	part := make([]byte, 100)
	_, err = r.Seek(7, io.SeekStart)
	require.NoError(t, err)
	_, err = io.ReadFull(r, part)
	require.NoError(t, err)
	require.Equal(t, data[7:107], part)
	_, err = r.(io.ReaderAt).ReadAt(part, 1000)
	require.NoError(t, err)
	require.Empty(t, told)

	changed := append(data[:len(data)-1:len(data)-1], data[len(data)-1]+1) // and damage of the same size is noticed
	require.NoError(t, os.WriteFile(f.path(sum), changed, 0o600))
	_, err = r.(io.ReaderAt).ReadAt(part, 1000)
	require.Equal(t, models.CodeDamaged, models.CodeOf(err))
	require.Equal(t, []string{sum}, told)
}

// A blob is hashed when it is first opened, and not again while its file is the same one.
func TestVerificationIsRemembered(t *testing.T) {
	t.Parallel()
	f := open(t)
	sum := put(t, f, []byte("hello"))
	again, err := Open(f.dir, nil) // another process, or this one after a restart
	require.NoError(t, err)
	info, err := os.Stat(f.path(sum))
	require.NoError(t, err)
	require.False(t, again.verified.has(sum, identify(info)))
	_, err = get(t, again, sum)
	require.NoError(t, err)
	require.True(t, again.verified.has(sum, identify(info)))
}

func TestVerifiedIsBounded(t *testing.T) {
	t.Parallel()
	var v verified
	for i := range maxVerified + 100 {
		v.add(strconv.Itoa(i), identity{})
	}
	require.Equal(t, maxVerified, len(v.ids)) //nolint:testifylint // a failure would print them all
}

func TestSweepTempLeavesWhatIsBeingWritten(t *testing.T) {
	t.Parallel()
	f := open(t)
	long := time.Now().Add(-time.Hour)
	dead := filepath.Join(f.dir, "tmp", "blob-dead") // no process holds it
	require.NoError(t, os.WriteFile(dead, []byte("half"), 0o600))
	require.NoError(t, os.Chtimes(dead, long, long))
	young := filepath.Join(f.dir, "tmp", "blob-young") // perhaps not locked yet
	require.NoError(t, os.WriteFile(young, nil, 0o600))
	written, err := f.temp("blob-*")
	require.NoError(t, err)
	require.NoError(t, os.Chtimes(written.Name(), long, long))

	_, err = Open(f.dir, nil) // the next start clears up
	require.NoError(t, err)
	require.NoFileExists(t, dead)
	require.FileExists(t, young)
	require.FileExists(t, written.Name())
	require.NoError(t, written.Close()) // as a kill would
	n, err := f.SweepTemp()
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoFileExists(t, written.Name())
}

func TestSweepRemovesWhatNothingRefersTo(t *testing.T) {
	t.Parallel()
	f := open(t)
	live, dead, young, again := put(t, f, []byte("live")), put(t, f, []byte("dead")), put(t, f, []byte("young")), put(t, f, []byte("again"))
	require.NoError(t, f.PutModule(t.Context(), "phaser.js", []byte("module")))
	module := put(t, f, []byte("module"))
	for _, digest := range []string{live, dead, again, module} {
		long := time.Now().Add(-48 * time.Hour)
		require.NoError(t, os.Chtimes(f.path(digest), long, long))
	}
	n, err := f.Sweep(t.Context(), mine, 24*time.Hour, time.Time{}, func(_ context.Context, yield func(string) error) error {
		put(t, f, []byte("again")) // someone stores it while the references are read, and will refer to it
		return yield(live)
	})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoFileExists(t, f.path(dead))
	for _, digest := range []string{live, young, again, module} {
		require.FileExists(t, f.path(digest))
	}
	_, err = f.Sweep(t.Context(), mine, 0, time.Time{}, func(context.Context, func(string) error) error { return errors.New("no database") })
	require.Error(t, err)
	require.FileExists(t, f.path(live))
}

// Storing and sweeping concurrently: what Put has stored, and something refers to, stays.
func TestSweepBesideWriters(t *testing.T) {
	t.Parallel()
	f := open(t)
	other, err := Open(f.dir, nil) // a second process
	require.NoError(t, err)
	var mu sync.Mutex
	referred := make(map[string]bool)
	ctx, cancel := context.WithCancel(t.Context())
	var sweeper, writers sync.WaitGroup
	sweeper.Go(func() {
		for ctx.Err() == nil {
			_, err := other.Sweep(ctx, mine, time.Minute, time.Time{}, func(_ context.Context, yield func(string) error) error {
				mu.Lock()
				defer mu.Unlock()
				for digest := range referred {
					if err := yield(digest); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	for w := range 4 {
		writers.Go(func() {
			for i := range 100 {
				data := []byte{byte(i), byte(w % 2)} // two write the same
				long := time.Now().Add(-2 * freshFor)
				sum := sha256.Sum256(data)
				_ = os.Chtimes(f.path(hex.EncodeToString(sum[:])), long, long) // an old one, if it is there
				digest, _, err := f.Put(ctx, bytes.NewReader(data), 10)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				referred[digest] = true
				mu.Unlock()
			}
		})
	}
	writers.Wait()
	cancel()
	sweeper.Wait()
	for digest := range referred {
		require.FileExists(t, f.path(digest))
	}
}

// Whoever is going to refer to stored content again keeps it from a sweep that has already listed it, or learns that it is gone.
func TestRenewedContentIsNotSwept(t *testing.T) {
	t.Parallel()
	f := open(t)
	other, err := Open(f.dir, nil) // a second process
	require.NoError(t, err)
	kept, gone := put(t, f, []byte("kept")), put(t, f, []byte("gone"))
	for _, digest := range []string{kept, gone} {
		long := time.Now().Add(-48 * time.Hour)
		require.NoError(t, os.Chtimes(f.path(digest), long, long))
	}
	n, err := f.Sweep(t.Context(), mine, 24*time.Hour, time.Time{}, func(context.Context, func(string) error) error {
		return other.Renew(t.Context(), kept, 4)
	})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.FileExists(t, f.path(kept))
	for _, err := range []error{other.Renew(t.Context(), gone, 4), other.Renew(t.Context(), kept, 5), other.Renew(t.Context(), "../x", 1)} {
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	}
	damage := time.Now().Add(time.Second)
	require.NoError(t, os.WriteFile(f.path(kept), []byte("Kept"), 0o600))
	require.NoError(t, os.Chtimes(f.path(kept), damage, damage))
	require.Equal(t, models.CodeNotFound, models.CodeOf(other.Renew(t.Context(), kept, 4)))
}

func TestModulesAreKnownByDigestAndName(t *testing.T) {
	t.Parallel()
	f := open(t)
	require.NoError(t, f.PutModule(t.Context(), "phaser.js", []byte("export {}")))
	require.NoError(t, f.PutModule(t.Context(), "phaser.js", []byte("export {}")))
	sum := put(t, f, []byte("export {}"))
	size, ok := f.EngineModule(sum, "phaser.js")
	require.True(t, ok)
	require.Equal(t, int64(9), size)
	private := put(t, f, []byte("a project's file"))
	for _, c := range [][2]string{{sum, "other.js"}, {private, "phaser.js"}, {sum, "../phaser.js"}, {"..", "phaser.js"}, {sum, ""}} {
		_, ok := f.EngineModule(c[0], c[1])
		require.False(t, ok, c)
	}
	require.Error(t, f.PutModule(t.Context(), "../x.js", nil))
}

// The folder's clock is the one that stamps its files.
func TestClockOfTheFolder(t *testing.T) {
	t.Parallel()
	f, err := Open(t.TempDir(), nil)
	require.NoError(t, err)
	for range 3 {
		before, err := f.now()
		require.NoError(t, err)
		tmp, err := f.temp("x-*")
		require.NoError(t, err)
		info, err := tmp.Stat()
		require.NoError(t, err)
		after, err := f.now()
		require.NoError(t, err)
		require.False(t, info.ModTime().Before(before) || info.ModTime().After(after), "%s is not between %s and %s", info.ModTime(), before, after)
		require.NoError(t, discard(tmp))
	}
}
