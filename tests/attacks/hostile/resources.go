//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

func memoryBomb([]string) {
	var all [][]byte
	for {
		b := make([]byte, 16<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = byte(i)
		}
		all = append(all, b)
		if len(all) > 4096 {
			broke("64 GiB of memory")
			return
		}
	}
}

// fillBytes writes until the file system is full.
func fillBytes(args []string) {
	block := bytes.Repeat([]byte{1}, 1<<20)
	for n := range 64 << 10 {
		f, err := os.OpenFile(fmt.Sprintf("%s/fill-%d", args[0], n/64), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = f.Write(block)
			_ = f.Close()
		}
		if err != nil {
			report(args[0], n, "MiB", err)
			return
		}
	}
	broke("64 GiB in %s", args[0])
}

// fillInodes makes empty files until no more can be made.
func fillInodes(args []string) {
	const most = 2_000_000
	for n := range most {
		f, err := os.Create(fmt.Sprintf("%s/inode-%d", args[0], n))
		if err != nil {
			report(args[0], n, "files", err)
			return
		}
		_ = f.Close()
	}
	broke("%d files in %s", most, args[0])
}

func report(dir string, n int, unit string, err error) {
	if !errors.Is(err, syscall.ENOSPC) {
		fmt.Println("filled, and then:", err)
	}
	held("%s took %d %s", dir, n, unit)
	os.Exit(1)
}

func endlessOutput([]string) {
	for s := strings.Repeat("all work and no play\n", 1000); ; {
		_, _ = os.Stdout.WriteString(s)
	}
}

// longLine is one line of a gigabyte.
func longLine([]string) {
	s := strings.Repeat("x", 1<<20)
	for range 1024 {
		_, _ = os.Stdout.WriteString(s)
	}
	fmt.Println()
	output("index.html", "<!doctype html>")
}

func controlOutput([]string) {
	fmt.Print("\x1b]0;owned\x07\x1b[2J\x00\x00red \x1b[31mtext\u202e\r\nlast line without an end\x00")
	fmt.Print("\xff\xfe\x80")
	output("index.html", "<!doctype html>")
}
