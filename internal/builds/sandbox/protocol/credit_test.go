package protocol

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
)

func grantOf(n uint32) Frame {
	return Frame{Type: Credit, Payload: binary.BigEndian.AppendUint32(nil, n)}
}

func TestBalanceRefusesBadCredit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spent int // payload bytes of log
		grant Frame
		want  error
	}{
		"what was spent":        {1000, grantOf(1000 + HeaderSize), nil},
		"a part of it":          {1000, grantOf(1), nil},
		"more than was spent":   {1000, grantOf(1001 + HeaderSize), ErrBadCredit},
		"nothing was spent":     {-HeaderSize, grantOf(1), ErrBadCredit},
		"nothing":               {1000, grantOf(0), ErrBadCredit},
		"as much as there is":   {1000, grantOf(1<<32 - 1), ErrBadCredit},
		"a window on a window":  {-HeaderSize, grantOf(Window), ErrBadCredit},
		"no payload":            {1000, Frame{Type: Credit}, ErrBadCredit},
		"too short a payload":   {1000, Frame{Type: Credit, Payload: []byte{1, 0, 0}}, ErrBadCredit},
		"too long a payload":    {1000, Frame{Type: Credit, Payload: []byte{0, 0, 0, 0, 1}}, ErrBadCredit},
		"a number of two words": {1000, Frame{Type: Credit, Payload: make([]byte, 8)}, ErrBadCredit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b Balance
			b.Reset()
			if !b.Spend(Log, c.spent) {
				t.Fatal("a new job has no credit")
			}
			if err := b.Grant(c.grant); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestOnlyDataTakesCredit(t *testing.T) {
	t.Parallel()
	var b Balance // a job that has not begun: nothing may be sent
	for typ := Hello; typ <= Credit; typ++ {
		want := true
		switch typ {
		case FileBegin, FileChunk, FileEnd, Log, Progress, Diagnostics:
			want = false
		}
		if got := b.Spend(typ, 10); got != want {
			t.Errorf("%s without credit: %v", typ, got)
		}
	}
}

func TestAllowanceRefusesOverdraft(t *testing.T) {
	t.Parallel()
	var a Allowance
	a.Reset(2 * Window)
	chunk := Frame{Type: FileChunk, Payload: make([]byte, MaxPayload)}
	var granted, sent int64
	for range 1000 {
		if err := a.Take(chunk); err != nil {
			if !errors.Is(err, ErrOverdrawn) {
				t.Fatal(err)
			}
			break
		}
		sent += cost(FileChunk, MaxPayload)
		if g := a.Due(); g != nil {
			granted += int64(binary.BigEndian.Uint32(g))
		}
	}
	if sent > 2*Window || sent < 2*Window-MaxPayload-HeaderSize || granted != Window {
		t.Errorf("a peer could send %d with a grant of %d, in a job that has use for %d", sent, granted, 2*Window)
	}
}

func TestAwaitWaitsForCreditOrTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b Balance
		b.Reset()
		for b.Spend(FileChunk, MaxPayload) {
		}
		ended := make(chan bool, 1)
		wait := func() { b.Await(FileChunk, MaxPayload); close(ended) }
		go wait()
		synctest.Wait()
		if err := b.Grant(grantOf(10)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		select {
		case <-ended:
			t.Fatal("ten bytes are enough for a chunk")
		default:
		}
		if err := b.Grant(grantOf(MaxPayload)); err != nil {
			t.Fatal(err)
		}
		<-ended
	})
}

// FuzzCredit has two sides talk, each at its own pace, and neither may ever have more on its way than a window.
func FuzzCredit(f *testing.F) {
	f.Add(uint64(1), uint16(100), int64(10*Window))
	f.Add(uint64(2), uint16(5000), int64(0))
	f.Fuzz(func(t *testing.T, seed uint64, steps uint16, most int64) {
		random := rand.New(rand.NewPCG(seed, 0))
		var b Balance
		var a Allowance
		b.Reset()
		a.Reset(most)
		var way []Frame    // from the sender to the receiver
		var grants []Frame // back
		var waiting, sent int64
		for range steps {
			switch random.IntN(3) {
			case 0:
				n := random.IntN(MaxPayload + 1)
				if b.Spend(Log, n) {
					way = append(way, Frame{Type: Log, Payload: make([]byte, n)})
					waiting += cost(Log, n)
					sent += cost(Log, n)
				}
			case 1:
				if len(way) == 0 {
					continue
				}
				if err := a.Take(way[0]); err != nil {
					t.Fatalf("an honest sender: %v", err)
				}
				waiting -= cost(Log, len(way[0].Payload))
				way = way[1:]
				if g := a.Due(); g != nil {
					grants = append(grants, Frame{Type: Credit, Payload: g})
				}
			case 2:
				if len(grants) == 0 {
					continue
				}
				if err := b.Grant(grants[0]); err != nil {
					t.Fatalf("an honest receiver: %v", err)
				}
				grants = grants[1:]
			}
			if waiting > Window || sent > max(most, Window) {
				t.Fatalf("%d bytes on their way, %d of %d sent", waiting, sent, most)
			}
		}
	})
}
