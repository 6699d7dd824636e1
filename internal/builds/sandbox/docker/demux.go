package docker

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// demux reads the stdout of a process from the attached stream, in which the daemon frames stdout and stderr: one byte
// for the stream, three of zero, four of length (big-endian), then that many bytes. It keeps the beginning of stderr and
// nothing else, and never more than the caller's buffer of stdout, however long a frame is.
type demux struct {
	r    io.Reader
	left uint32 // of the present frame
	kind byte

	mu   sync.Mutex
	head []byte
}

const (
	kindStdin  = 0 // the daemon sends it for stdout
	kindStdout = 1
	kindStderr = 2
	headerSize = 8
	stderrHead = 4 << 10
)

// Read implements io.Reader. It is for one goroutine.
func (d *demux) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if d.left == 0 {
			if err := d.next(); err != nil {
				return 0, err
			}
			continue
		}
		if d.kind == kindStderr {
			if err := d.skip(); err != nil {
				return 0, err
			}
			continue
		}
		n, err := d.r.Read(p[:min(len(p), int(d.left))])
		d.left -= uint32(n)
		if err == io.EOF && d.left > 0 {
			err = io.ErrUnexpectedEOF
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next reads the header of a frame.
func (d *demux) next() error {
	var h [headerSize]byte
	if _, err := io.ReadFull(d.r, h[:]); err != nil {
		return err
	}
	if h[0] > kindStderr || h[1]|h[2]|h[3] != 0 {
		return fmt.Errorf("docker: the attached stream has a bad frame %x", h)
	}
	d.kind, d.left = h[0], binary.BigEndian.Uint32(h[4:])
	return nil
}

// skip reads a part of a frame of stderr.
func (d *demux) skip() error {
	var b [4 << 10]byte
	n, err := d.r.Read(b[:min(len(b), int(d.left))])
	d.left -= uint32(n)
	d.mu.Lock()
	d.head = append(d.head, b[:min(n, stderrHead-len(d.head))]...)
	d.mu.Unlock()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
		if d.left == 0 {
			err = nil // the next header shows it
		}
	}
	return err
}

func (d *demux) stderr() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return string(d.head)
}
