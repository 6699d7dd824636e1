package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// burnArgument makes the program a busy loop.
const burnArgument = "-burn"

// burnAtMost limits a busy loop that was not stopped.
const burnAtMost = 6 * time.Hour

// startLoad runs n busy loops in separate processes, so that tests compete for the processors as on a busy machine. They end
// with idle, and with this process however it ends: their input is then closed.
func startLoad(n int) (idle func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var stops []func()
	idle = func() {
		for _, stop := range stops {
			stop()
		}
	}
	for range n {
		cmd := exec.Command(program, burnArgument)
		in, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			idle()
			return nil, fmt.Errorf("busy loop: %w", err)
		}
		stops = append(stops, func() { _ = in.Close(); _ = cmd.Wait() }) // it cannot fail in a way that matters
	}
	return idle, nil
}

// burn keeps one processor busy until its input ends.
func burn(in io.Reader) {
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, in)
		close(over)
	}()
	end := time.After(burnAtMost)
	for x := uint64(1); ; {
		select {
		case <-over:
			return
		case <-end:
			return
		default:
		}
		for range 1 << 20 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
	}
}
