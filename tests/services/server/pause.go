package server

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// pause stops a server and waits until it has stopped: the signal is sent immediately, and each thread stops when it is
// scheduled.
func (b *base) pause() error {
	if err := b.signal(syscall.SIGSTOP); err != nil {
		return err
	}
	for deadline := time.Now().Add(5 * time.Second); !stopped(b.running.PID()); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not stop", b.name)
		}
	}
	return nil
}

// stopped reports whether no thread of a process runs. Where the system cannot say, it returns true.
func stopped(pid int) bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil {
		return true
	}
	for _, name := range threads {
		stat, err := os.ReadFile(name)
		// "12 (a name) T …"
		if i := bytes.LastIndexByte(stat, ')'); err == nil && i > 0 && i+2 < len(stat) && stat[i+2] != 'T' {
			return false
		}
	}
	return true
}
