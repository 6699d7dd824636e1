package cli

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	apiclient "github.com/spark-games/spark/client"
)

// frames counts what is written, and ends the watch after some of it.
type frames struct {
	all []string
	end func(n int)
}

func (f *frames) Write(p []byte) (int, error) {
	f.all = append(f.all, string(p))
	f.end(len(f.all))
	return len(p), nil
}

func TestWatchPool(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	a, err := dial(s.URL, fakeKey)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	ctx, cancel := context.WithCancel(within(t))
	out := &frames{end: func(n int) {
		switch n {
		case 2:
			s.Close() // the server stops, and the view continues
		case 3:
			cancel()
		}
	}}
	if err := a.watchPool(ctx, out, func() (int, int, error) { return 40, 5, nil }); err != nil {
		t.Fatal(err)
	}
	if len(out.all) != 3 {
		t.Fatalf("%q", out.all)
	}
	first, second, away := out.all[0], out.all[1], out.all[2]
	if strings.Contains(first, "F") && strings.Contains(first, "\x1b[4F") || strings.Count(first, "\n") != 4 || !strings.HasSuffix(first, "\x1b[K\n\x1b[J") {
		t.Errorf("%q", first)
	}
	if !strings.HasPrefix(second, "\x1b[4Fhost/1/x  docker") || strings.Contains(second, "[2J") {
		t.Errorf("%q", second)
	}
	for line := range strings.SplitSeq(second, "\x1b[K\n") {
		if n := len([]rune(strings.TrimPrefix(line, "\x1b[4F"))); n > 40 {
			t.Errorf("%d: %q", n, line)
		}
	}
	if !strings.HasPrefix(away, "\x1b[4F") || strings.Count(away, "\n") != 1 {
		t.Errorf("%q", away)
	}
	var unreachable *unreachableError
	if err := a.watchPool(within(t), out, nil); !errors.As(err, &unreachable) {
		t.Errorf("a server that is not there: %v", err)
	}
}

func TestDrawEmptyPool(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := drawPool(&b, nil, time.Now()); err != nil || b.String() != "No worker that builds is running.\n" {
		t.Errorf("%q %v", b.String(), err)
	}
	b.Reset()
	if err := drawPool(&b, []apiclient.PoolWorker{{Worker: "w", Sandbox: "local"}}, time.Now()); err != nil || b.String() != "w  local, nothing runs\n" {
		t.Errorf("%q %v", b.String(), err)
	}
}
