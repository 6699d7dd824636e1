//go:build linux

// Command step is a build step for the guard's tests. It does what its argument says and prints what it finds.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	switch os.Args[1] {
	case "look":
		look()
	case "litter":
		litter()
	case "suicide":
		_ = syscall.Kill(-1, syscall.SIGKILL)
	case "hang":
		fmt.Println("hanging")
		time.Sleep(time.Hour)
	case "memory":
		var hold [][]byte
		for {
			b := make([]byte, 16<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			hold = append(hold, b)
		}
	}
}

// look prints who this is and what is left of others.
func look() {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		for _, key := range []string{"Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:", "CapEff:", "CapAmb:", "NoNewPrivs:"} {
			if strings.HasPrefix(line, key) {
				fmt.Println(strings.Join(strings.Fields(line), " "))
			}
		}
	}
	fds, _ := os.ReadDir("/proc/self/fd")
	for _, fd := range fds {
		target, err := os.Readlink("/proc/self/fd/" + fd.Name())
		if err != nil {
			continue // the folder that was being read
		}
		// The Go runtime of this program reads its control group.
		if !strings.HasSuffix(target, "/fd") && !strings.HasPrefix(target, "anon_inode:") && !strings.HasPrefix(target, "/sys/fs/cgroup/") {
			fmt.Println("fd", fd.Name(), strings.Split(target, ":")[0])
		}
	}
	procs, _ := filepath.Glob("/proc/[0-9]*")
	fmt.Println("processes", len(procs))
	for _, dir := range []string{"/work", "/tmp"} {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			fmt.Println("found", filepath.Join(dir, e.Name()))
		}
	}
	shm, _ := os.ReadFile("/proc/sysvipc/shm")
	fmt.Println("segments", strings.Count(string(shm), "\n")-1)
	for _, name := range []string{"/proc/1/mem", "/proc/1/fd/1", "/proc/1/environ", fmt.Sprintf("/proc/%d/mem", os.Getppid()),
		fmt.Sprintf("/proc/%d/fd/1", os.Getppid())} {
		if f, err := os.OpenFile(name, os.O_RDWR, 0); err == nil {
			fmt.Println("opened", name)
			_ = f.Close()
		}
	}
	for _, pid := range []int{1, os.Getppid()} {
		if unix.PtraceAttach(pid) == nil {
			fmt.Println("traced", pid)
		}
	}
	if syscall.Kill(1, syscall.SIGKILL) == nil {
		fmt.Println("signalled process 1")
	}
}

// litter leaves everything behind that a job can.
func litter() {
	must(os.MkdirAll("/tmp/a/b", 0o700))
	must(os.WriteFile("/tmp/a/b/c", []byte("x"), 0o600))
	must(os.Chmod("/tmp/a/b", 0))
	must(os.Chmod("/tmp/a", 0))
	must(os.Symlink("/proc/1", "/tmp/link"))
	must(os.Mkdir("/work/other", 0))
	must(syscall.Mkfifo("/work/fifo", 0o600))
	if _, _, errno := unix.Syscall(unix.SYS_SHMGET, 42, 4096, unix.IPC_CREAT|0o600); errno != 0 {
		panic(errno)
	}
	daemon := exec.Command("/step", "hang")
	daemon.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	must(daemon.Start())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
