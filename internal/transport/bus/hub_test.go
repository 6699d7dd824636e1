package bus

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func told(changed <-chan struct{}) bool {
	select {
	case <-changed:
		return true
	default:
		return false
	}
}

// Looks go round: nothing is looked at twice before all others were once, whoever comes and goes.
func TestLooksGoRound(t *testing.T) {
	t.Parallel()
	h := &Hub{}
	stops := make(map[string]func())
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		_, stops[id] = h.Watch(id)
	}
	_, twice := h.Watch("a")
	require.Equal(t, 5, h.Watched())
	require.Equal(t, []string{"a", "b"}, h.Turns(2))
	require.Equal(t, []string{"c", "d"}, h.Turns(2))
	stops["e"]()
	stops["a"]()
	require.Equal(t, []string{"a", "b"}, h.Turns(2), "somebody else watches the first")
	require.Equal(t, []string{"c", "d", "a", "b"}, h.Turns(100))
	twice()
	for _, id := range []string{"b", "c", "d"} {
		stops[id]()
	}
	require.Empty(t, h.Turns(1))
	require.Zero(t, h.Watched())
}

// Whoever watches is told by a look of what no hint told of, and of nothing else.
func TestLooksFindWhatHintsMissed(t *testing.T) {
	t.Parallel()
	h := &Hub{}
	a, stopA := h.Watch("a")
	b, stopB := h.Watch("b")
	defer stopB()
	look := func(marks map[string]string) { h.Found(h.Turns(10), marks) }
	look(map[string]string{"a": "1", "b": "1"})
	require.True(t, told(a), "it may have changed before the first look")
	require.True(t, told(b))
	look(map[string]string{"a": "1", "b": "2"})
	require.False(t, told(a))
	require.True(t, told(b))
	late, stopLate := h.Watch("a")
	look(map[string]string{"a": "2", "b": "2"})
	require.True(t, told(a))
	require.True(t, told(late))
	require.False(t, told(b))
	h.Changed("a")
	h.Changed("nobody watches")
	require.True(t, told(a))
	look(map[string]string{"b": "2"})
	require.True(t, told(a), "it is gone")
	look(map[string]string{"b": "2"})
	require.False(t, told(a))

	// A look that was begun before everybody left says nothing about those who came later.
	ids := h.Turns(10)
	stopA()
	stopLate()
	again, stopAgain := h.Watch("a")
	defer stopAgain()
	h.Found(ids, map[string]string{"a": "1", "b": "2"})
	require.True(t, told(again))
	look(map[string]string{"a": "2", "b": "2"})
	require.True(t, told(again))
	require.False(t, told(b))
}
