package recent

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := New[int, string](2, time.Hour)
	c.Put(1, "1")
	c.Put(2, "2")
	c.Get(1)
	c.Put(3, "3") // pushes out 2, the least recently used
	for key, want := range map[int]bool{1: true, 2: false, 3: true} {
		_, ok := c.Get(key)
		require.Equal(t, want, ok, key)
	}
	require.Len(t, c.byKey, 2)
	require.Equal(t, 2, c.recent.Len())
}

func TestEntriesExpire(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := New[int, string](2, time.Second)
	c.Now = func() time.Time { return now }
	c.Put(1, "1")
	now = now.Add(time.Second - 1)
	_, ok := c.Get(1)
	require.True(t, ok)
	now = now.Add(1)
	_, ok = c.Get(1)
	require.False(t, ok)
}

// An expired value is looked up by one caller, while others have the old one, until it is too old.
func TestOneLooksUpAgain(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := New[int, string](2, time.Second)
	c.Now = func() time.Time { return now }
	found := 0
	load := func(value string) string {
		got, err := c.Load(1, func() (string, error) { found++; return value, nil })
		require.NoError(t, err)
		return got
	}
	require.Equal(t, "a", load("a"))
	require.Equal(t, "a", load("b"))
	now = now.Add(time.Second)
	got, err := c.Load(1, func() (string, error) {
		require.Equal(t, "a", load("another's"), "meanwhile")
		now = now.Add(time.Second) // it takes long
		require.Equal(t, "c", load("c"), "too old")
		return "b", nil
	})
	require.NoError(t, err)
	require.Equal(t, "b", got)
	require.Equal(t, 2, found)

	now = now.Add(time.Second)
	boom := errors.New("boom")
	_, err = c.Load(1, func() (string, error) { return "", boom })
	require.ErrorIs(t, err, boom)
	require.Equal(t, "d", load("d"), "a failure forgets")
}
