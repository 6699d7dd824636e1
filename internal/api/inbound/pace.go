package inbound

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// Pace is the minimum speed at which a peer must send a body or read a response.
type Pace struct {
	// Patience is how long a peer may keep the server waiting, beyond the time that its bytes earn.
	Patience time.Duration
	// Rate is the number of bytes that earn a second.
	Rate int64
}

// DefaultRate is slower than any connection on which a game can be played.
const DefaultRate = 4 << 10

// linger is how long the server waits for the rest of a body that it does not need.
const linger = time.Second

// budget is the patience left for one direction of a connection. Waiting uses it up, and bytes earn it back, up to the full
// patience: so a peer is disconnected after it has stopped for that long, or has been slower than the rate for longer.
type budget struct {
	pace Pace
	left time.Duration
}

func (b *budget) spend(waited time.Duration, bytes int) {
	b.left = min(b.pace.Patience, b.left-waited+b.pace.worth(bytes))
}

func (p Pace) worth(bytes int) time.Duration {
	return time.Duration(float64(bytes) / float64(p.Rate) * float64(time.Second))
}

// Handler enforces the pace on the requests of a handler. A body that is not read to its end ends the connection, so that the
// response need not wait for it.
func (p Pace) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctl := http.NewResponseController(w)
		stream := r.ProtoMajor >= 2
		if stream {
			_ = ctl.SetWriteDeadline(time.Time{}) // the server's own would end a stream that has nothing to send yet
		}
		in := &body{ReadCloser: r.Body, ctl: ctl, budget: budget{p, p.Patience}, ended: r.Body == nil || r.Body == http.NoBody}
		if !in.ended {
			r = r.WithContext(r.Context()) // a copy: the server looks at its own body when it closes a connection
			r.Body = in
			_ = ctl.SetReadDeadline(time.Now().Add(p.Patience)) // a writer without deadlines, as in tests, needs none
		}
		defer func() {
			if !in.ended {
				_ = ctl.SetReadDeadline(time.Now().Add(linger))
			}
			_ = ctl.SetWriteDeadline(time.Now().Add(p.Patience)) // for what the server has yet to send
		}()
		next.ServeHTTP(&writer{ResponseWriter: w, ctl: ctl, in: in, budget: budget{p, p.Patience}, stream: stream}, r)
	})
}

// body is a request's body under a budget.
type body struct {
	io.ReadCloser
	ctl    *http.ResponseController
	budget budget
	ended  bool
}

func (b *body) Read(p []byte) (int, error) {
	start := time.Now()
	_ = b.ctl.SetReadDeadline(start.Add(b.budget.left))
	n, err := b.ReadCloser.Read(p)
	b.budget.spend(time.Since(start), n)
	if errors.Is(err, io.EOF) {
		// The server itself keeps reading, to notice a peer that leaves: that may take any time.
		b.ended = true
		_ = b.ctl.SetReadDeadline(time.Time{})
	}
	return n, err
}

// writer is an answer under a budget.
type writer struct {
	http.ResponseWriter
	ctl     *http.ResponseController
	in      *body
	budget  budget
	started bool
	stream  bool // of HTTP/2, which a deadline ends whether anything is sent or not
}

// Unwrap lets http.ResponseController find the server's writer.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// start ends the connection after an answer that does not need the rest of the body. Over HTTP/2 the rest is refused with its stream, and ending the
// connection would be at the cost of the others.
func (w *writer) start() {
	switch {
	case w.started:
	case w.stream:
		w.Header().Del("Connection")
	case !w.in.ended:
		w.Header().Set("Connection", "close")
	}
	w.started = true
}

// WriteHeader implements http.ResponseWriter.
func (w *writer) WriteHeader(status int) {
	w.start()
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *writer) Write(p []byte) (n int, err error) {
	w.start()
	w.timed(len(p), func() int { n, err = w.ResponseWriter.Write(p); return n })
	return n, err
}

// FlushError implements what http.ResponseController flushes with.
func (w *writer) FlushError() (err error) {
	w.start()
	w.timed(0, func() int { err = w.ctl.Flush(); return 0 })
	return err
}

// Flush implements http.Flusher.
func (w *writer) Flush() { _ = w.FlushError() }

// timed sends some bytes within the remaining budget and the time that they earn.
func (w *writer) timed(bytes int, send func() (sent int)) {
	start := time.Now()
	_ = w.ctl.SetWriteDeadline(start.Add(w.budget.left + w.budget.pace.worth(bytes)))
	sent := send()
	w.budget.spend(time.Since(start), sent)
	if w.stream {
		_ = w.ctl.SetWriteDeadline(time.Time{})
	}
}
