// Package usage reads from /proc what processes have used: processor time, memory, and what they had written to disk.
package usage

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Usage is what processes have used since they began.
type Usage struct {
	CPU     time.Duration // user and system
	Written int64         // bytes sent to storage
}

// Sub is what was used since an earlier reading.
func (u Usage) Sub(earlier Usage) Usage {
	return Usage{CPU: u.CPU - earlier.CPU, Written: u.Written - earlier.Written}
}

// clockTick is the unit of processor time in /proc; Linux shows a hundredth of a second on every architecture.
const clockTick = time.Second / 100

// proc is where the kernel shows processes.
const proc = "/proc"

// Trees sums up the processes with the given ids and all of their descendants, also those that have ended and were waited for.
func Trees(pids ...int) (Usage, error) { return trees(proc, pids) }

func trees(root string, pids []int) (total Usage, err error) {
	children, err := childrenOf(root)
	if err != nil {
		return total, err
	}
	seen := make(map[int]bool)
	for len(pids) > 0 {
		pid := pids[0]
		pids = append(pids[1:], children[pid]...)
		if seen[pid] {
			continue
		}
		seen[pid] = true
		u, err := read(root, pid)
		if gone(err) {
			continue // its parent has its figures now
		}
		if err != nil {
			return total, err
		}
		total.CPU += u.CPU
		total.Written += u.Written
	}
	return total, nil
}

func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) }

func childrenOf(root string) (map[int][]int, error) {
	stats, err := filepath.Glob(filepath.Join(root, "[0-9]*", "stat"))
	if err != nil {
		return nil, err
	}
	children := make(map[int][]int)
	for _, name := range stats {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			continue
		}
		fields, err := statFields(root, pid)
		if gone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		parent, err := strconv.Atoi(fields[statParent])
		if err != nil {
			return nil, err
		}
		children[parent] = append(children[parent], pid)
	}
	return children, nil
}

// Indexes into the fields of /proc/<pid>/stat that follow the program's name; see proc(5).
const (
	statParent        = 1
	statUser          = 11 // the next three are system, and both for children that were waited for
	statChildren      = 14
	statFieldsAtLeast = 15
)

// statFields are the fields after the name, which is in parentheses and may contain anything.
func statFields(root string, pid int) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(root, strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(fields) < statFieldsAtLeast {
		return nil, fmt.Errorf("process %d: cannot read %q", pid, data)
	}
	return fields, nil
}

func read(root string, pid int) (u Usage, err error) {
	fields, err := statFields(root, pid)
	if err != nil {
		return u, err
	}
	for _, f := range fields[statUser : statChildren+1] {
		ticks, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return u, fmt.Errorf("process %d: %w", pid, err)
		}
		u.CPU += time.Duration(ticks) * clockTick
	}
	// The kernel adds what ended children wrote when they are waited for.
	u.Written, err = value(filepath.Join(root, strconv.Itoa(pid), "io"), "write_bytes")
	return u, err
}

// AnonymousMemory is a process's RssAnon in bytes: what is its own, and not mapped from a file.
func AnonymousMemory(pid int) (int64, error) {
	kib, err := value(filepath.Join(proc, strconv.Itoa(pid), "status"), "RssAnon")
	return kib << 10, err
}

// value reads a number from lines like "name:  12 kB".
func value(file, name string) (int64, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			if fields := strings.Fields(rest); len(fields) > 0 {
				return strconv.ParseInt(fields[0], 10, 64)
			}
		}
	}
	return 0, fmt.Errorf("%s has no %s", file, name)
}

// Parent is the id of a process's parent.
func Parent(pid int) (int, error) {
	fields, err := statFields(proc, pid)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(fields[statParent])
}
