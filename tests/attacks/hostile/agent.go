//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// agent is a hostile process 1: it takes a job and then misbehaves in the way that the job's first file names.
func agent() {
	signal.Ignore()
	w, r := protocol.NewWriter(os.Stdout), protocol.NewReader(os.Stdin)
	say := func(t protocol.Type, payload string) {
		_ = w.Send(t, []byte(payload))
		_ = w.Flush()
	}
	say(protocol.Hello, fmt.Sprintf(`{"version":%d}`, protocol.Version))
	f, err := r.NextOrStart()
	if err != nil {
		deaf() // it ignores the end of its input
	}
	token := f.Token
	w.Begin(token)
	mode := ""
	taken := 0
	for f.Type != protocol.Run {
		if f.Type == protocol.FileChunk && mode == "" {
			if mode = string(f.Payload); mode == "overgenerous" {
				say(protocol.Credit, "\xff\xff\xff\xff")
			}
		}
		if taken += len(f.Payload); taken > protocol.Window/2 && mode != "stingy" {
			say(protocol.Credit, string(binary.BigEndian.AppendUint32(nil, protocol.Window/4)))
			taken -= protocol.Window / 2
		}
		if f, err = r.Next(); err != nil {
			deaf()
		}
	}
	done := `{"outcome":"succeeded"}`
	raw := func(size uint32, kind protocol.Type, seq uint32, token protocol.Token, payload string) {
		var h [protocol.HeaderSize]byte
		binary.BigEndian.PutUint32(h[:], size)
		h[4] = byte(kind)
		binary.BigEndian.PutUint32(h[8:], seq)
		copy(h[12:], token[:])
		_, _ = os.Stdout.Write(append(h[:], payload...))
	}
	switch mode {
	case "truncated":
		raw(uint32(len(done)), protocol.Done, 0, token, done[:5])
		os.Exit(0)
	case "oversized":
		raw(1<<31, protocol.Log, 0, token, strings.Repeat("x", 1<<20))
	case "stale":
		raw(uint32(len(done)), protocol.Done, 0, protocol.Token{1}, done)
	case "duplicate":
		raw(2, protocol.Log, 0, token, "a\n")
		raw(2, protocol.Log, 0, token, "a\n")
	case "skipping":
		raw(uint32(len(done)), protocol.Done, 7, token, done)
	case "unknown":
		raw(0, 99, 0, token, "")
	case "garbage":
		_, _ = os.Stdout.Write(bytes.Repeat([]byte("\xff\x00garbage"), 1<<16))
	case "bomb":
		for n := 0; protocol.SendFile(w, fmt.Sprintf("f%d", n), make([]byte, 1<<20)) == nil; n++ {
		}
	case "flood":
		for {
			say(protocol.Log, strings.Repeat("log ", 1000)+"\n")
		}
	case "climbing":
		_ = w.Send(protocol.FileBegin, protocol.FileHead("../../etc/passwd", 1))
		_ = w.Flush()
	case "liar": // the content does not match its digest
		_ = w.Send(protocol.FileBegin, protocol.FileHead("index.html", 1))
		_ = w.Send(protocol.FileChunk, []byte("x"))
		_ = w.Send(protocol.FileEnd, make([]byte, 32))
		say(protocol.Done, done)
	case "terabyte":
		_ = w.Send(protocol.FileBegin, protocol.FileHead("index.html", 1<<40))
		_ = w.Flush()
	case "colliding":
		_ = protocol.SendFile(w, "a.js", []byte("x"))
		_ = protocol.SendFile(w, "A.js", []byte("x"))
		say(protocol.Done, done)
	case "hog": // process 1 itself is what the system kills
		memoryBomb(nil)
	case "quitter":
		os.Exit(0)
	case "stderr":
		for {
			_, _ = os.Stderr.WriteString(strings.Repeat("panic: ", 1000))
		}
	}
	deaf()
}

// deaf ends only when it is killed.
func deaf() {
	for {
		time.Sleep(time.Hour)
	}
}
