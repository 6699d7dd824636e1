package protocol

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/spark-games/spark/models"
)

// Window is the credit with which each side of a job starts, in bytes of data frames with their headers. A receiver grants what
// it has processed, and nothing more, so that at most a window's worth of data is in transit or waiting.
const Window = 1 << 20

// grantAt is how much a receiver processes before it grants that again: a small job needs no grant, and a large transfer never
// waits for one.
const grantAt = Window / 2

// ErrOverdrawn means that a peer sent more data than it had credit for, ErrBadCredit that it granted more than it may.
var (
	ErrOverdrawn = errors.New("data beyond the credit")
	ErrBadCredit = errors.New("bad credit")
)

// IsData reports whether frames of a type use credit: those whose number and size the sender chooses. The others are few, and
// must reach a peer that grants nothing.
func (t Type) IsData() bool {
	switch t {
	case FileBegin, FileChunk, FileEnd, Log, Progress, Diagnostics:
		return true
	}
	return false
}

// cost is what a frame takes of the credit.
func cost(t Type, payload int) int64 {
	if !t.IsData() {
		return 0
	}
	return HeaderSize + int64(payload)
}

// Balance is the sender's side: what it may still send. The zero value has nothing. It is safe for concurrent use.
type Balance struct {
	mu      sync.Mutex
	left    int64
	granted sync.Cond
}

// Reset makes the balance that of a new job.
func (b *Balance) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = Window
}

// Spend takes the cost of a frame, if there is so much.
func (b *Balance) Spend(t Type, payload int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spend(t, payload)
}

func (b *Balance) spend(t Type, payload int) bool {
	c := cost(t, payload)
	if c > b.left {
		return false
	}
	b.left -= c
	return true
}

// Await is Spend that waits until there is so much.
func (b *Balance) Await(t Type, payload int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.granted.L = &b.mu
	for !b.spend(t, payload) {
		b.granted.Wait()
	}
}

// Grant takes a Credit frame of the peer.
func (b *Balance) Grant(f Frame) error {
	if len(f.Payload) != 4 {
		return fmt.Errorf("%w: %d bytes", ErrBadCredit, len(f.Payload))
	}
	n := int64(binary.BigEndian.Uint32(f.Payload))
	b.mu.Lock()
	defer b.mu.Unlock()
	if n == 0 || n > Window-b.left {
		return fmt.Errorf("%w: %d, with %d of %d left", ErrBadCredit, n, b.left, Window)
	}
	b.left += n
	b.granted.Broadcast()
	return nil
}

// Allowance is the receiver's side: what the peer may still send. It is for one goroutine.
type Allowance struct {
	left, dealt int64
	most        int64 // that may still be granted
}

// Reset makes the allowance that of a new job, in which the peer has use for that much at most: it is granted no more,
// and a peer that goes on sending all the same overdraws.
func (a *Allowance) Reset(most int64) { *a = Allowance{left: Window, most: max(most, Window) - Window} }

// Take counts a frame that has come, and been dealt with.
func (a *Allowance) Take(f Frame) error {
	c := cost(f.Type, len(f.Payload))
	if c > a.left {
		return fmt.Errorf("%w: %s of %d bytes, with %d left", ErrOverdrawn, f.Type, len(f.Payload), a.left)
	}
	a.left -= c
	a.dealt += c
	return nil
}

// Due is the payload of a Credit frame to send now, nil for none.
func (a *Allowance) Due() []byte {
	n := min(a.dealt, a.most)
	if a.dealt < grantAt || n <= 0 {
		return nil
	}
	a.left, a.dealt, a.most = a.left+n, 0, a.most-n
	return binary.BigEndian.AppendUint32(nil, uint32(n))
}

// DataOf is the credit that files take, with every header: so many, of so many bytes in all.
func DataOf(files int, size int64) int64 {
	const each = 4*HeaderSize + 8 + sha256.Size + models.MaxPathBytes // begin, end, and a last chunk that is not full
	return size + size/MaxPayload*HeaderSize + int64(files)*each
}
