//go:build linux

package main

import (
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// artifact leaves a hostile output beside an honest one.
func artifact(args []string) {
	output("index.html", "<!doctype html>")
	must := func(err error) {
		if err != nil {
			fmt.Println("artifact:", err)
			os.Exit(3)
		}
	}
	switch args[0] {
	case "symlink":
		must(os.Symlink("/proc/self/environ", "link.txt"))
	case "symlink-dir":
		must(os.Symlink("/", "assets"))
	case "symlink-out": // the output folder itself
		must(os.Chdir(".."))
		must(os.RemoveAll("out"))
		must(os.Symlink("/proc", "out"))
	case "hardlink":
		must(os.Link("/proc/self/exe", "agent"))
	case "fifo":
		must(syscall.Mkfifo("pipe.txt", 0o666))
	case "socket":
		fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
		must(err)
		must(syscall.Bind(fd, &syscall.SockaddrUnix{Name: "socket"}))
	case "sparse":
		signal.Ignore(syscall.SIGXFSZ)
		f, err := os.Create("huge.bin")
		must(err)
		if err := f.Truncate(1 << 40); err != nil {
			held("sparse file: %v", err)
			must(f.Truncate(100 << 20)) // what is allowed is still more than the plan wants
		}
	case "growing":
		if _, err := syscall.ForkExec("/proc/self/exe", []string{"hostile", "artifact", "grow"},
			&syscall.ProcAttr{Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setsid: true}}); err != nil {
			must(err)
		}
	case "grow":
		for {
			f, err := os.OpenFile("growing.txt", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
			must(err)
			_, _ = f.WriteString(strings.Repeat("x", 4096))
			_ = f.Close()
			time.Sleep(time.Millisecond)
		}
	case "many":
		for n := range 5000 {
			output(fmt.Sprintf("f%d", n), "x")
		}
	case "big":
		output("big.bin", strings.Repeat("x", 8<<20))
	case "deep":
		for range 200 {
			must(os.Mkdir("d", 0o700))
			must(os.Chdir("d"))
		}
		output("deep.txt", "x")
	case "unreadable":
		output("secret.txt", "x")
		must(os.Chmod("secret.txt", 0))
	case "names": // with %-escapes, because plans cannot carry every byte
		for _, name := range args[1:] {
			name, err := url.PathUnescape(name)
			must(err)
			output(name, "x")
		}
	case "long-name":
		output(strings.Repeat("n", 255), "x")
	default:
		fmt.Println("which artifact?")
		os.Exit(2)
	}
}
