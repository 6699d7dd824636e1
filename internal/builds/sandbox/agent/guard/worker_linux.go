package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// worker is the child that does the jobs.
type worker struct {
	child   *child
	account int // 0 when it is the guard's own
	stdin   *os.File
	r       *protocol.Reader
	w       *protocol.Writer
	stderr  head
}

func startWorker(f *family, command []string) (*worker, error) {
	account, err := drawAccount()
	if err != nil {
		return nil, err
	}
	files, theirs, err := pipes()
	if err != nil {
		return nil, err
	}
	widen(files[1])
	w := &worker{account: account, stdin: files[0], r: protocol.NewReader(files[1]), w: protocol.NewWriter(files[0])}
	w.child, err = f.start(command, account, theirs)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start a worker: %w", err), files[0].Close(), files[1].Close(), files[2].Close())
	}
	w.stderr.closed = make(chan struct{})
	go func() {
		defer close(w.stderr.closed)
		_, _ = io.Copy(&w.stderr, files[2])
		_ = files[2].Close()
	}()
	return w, nil
}

// pipeBytes is the capacity of a pipe between a worker, the guard and the host. Linux's default is less than one frame: both
// ends would wait for each other at each frame.
const pipeBytes = 4 * protocol.MaxPayload

// widen enlarges a pipe. If the system refuses, it works as it is.
func widen(f *os.File) {
	if conn, err := f.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) })
	}
}

// pipes makes stdin, stdout and stderr of a child: our ends, and its.
func pipes() (ours, theirs [3]*os.File, err error) {
	for i := range ours {
		r, w, err := os.Pipe()
		if err != nil {
			return ours, theirs, err // the guard ends, and the files with it
		}
		if ours[i], theirs[i] = r, w; i == 0 {
			ours[i], theirs[i] = w, r
		}
	}
	return ours, theirs, nil
}

func (w *worker) begin(t protocol.Token) {
	w.w.Begin(t)
	w.r.Expect(t)
}

func (w *worker) awaitHello(within time.Duration) error {
	timer := time.AfterFunc(within, func() { _ = syscall.Kill(w.child.pid, syscall.SIGKILL) })
	defer timer.Stop()
	f, err := w.r.Next()
	if err == nil && f.Type != protocol.Hello {
		err = fmt.Errorf("%w: %s instead of hello", protocol.ErrUnexpected, f.Type)
	}
	if err != nil {
		_ = syscall.Kill(w.child.pid, syscall.SIGKILL)
		return fmt.Errorf("the worker did not greet: %w: %s", err, w.stderr.String())
	}
	return nil
}

// ready reports whether the worker lives, and is not stopped.
func (w *worker) ready() error {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.child.pid))
	if err != nil {
		return fmt.Errorf("the worker is gone: %w", err)
	}
	// "pid (name) state …", and the name may have any character.
	i := bytes.LastIndexByte(stat, ')')
	if i < 0 || i+2 >= len(stat) || !bytes.ContainsRune([]byte("RSD"), rune(stat[i+2])) {
		return fmt.Errorf("the worker cannot run: %q", stat)
	}
	return nil
}

// head keeps the beginning of a worker's output at its end: a Go program that crashes prints the reason first.
type head struct {
	mu     sync.Mutex
	b      []byte
	closed chan struct{}
}

const headBytes = 4 << 10

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.b = append(h.b, p[:min(len(p), headBytes-len(h.b))]...)
	return len(p), nil
}

// String waits a moment for the worker's final output.
func (h *head) String() string {
	select {
	case <-h.closed:
	case <-time.After(100 * time.Millisecond):
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.b)
}
