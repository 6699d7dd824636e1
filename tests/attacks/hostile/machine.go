//go:build linux

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// machine attacks the machine that it runs on as a process. The arguments name the host's process, a folder with a file "secret"
// that the job must not read and sockets "socket" and "datagrams", an address that a server listens on, and the id of a shared
// memory segment.
func machine(args []string) {
	host, _ := strconv.Atoi(args[0])
	folder, addr := args[1], args[2]
	shared, _ := strconv.Atoi(args[3])
	readOthers(host, folder)
	writeOthers(folder)
	callOthers(folder, addr)
	signalOthers(host)
	changeOthers(filepath.Join(folder, "secret"))
	shareWithOthers(folder, shared)
	climb()
	output("index.html", "<!doctype html>")
}

// readOthers tries to read other users' files, directly and with one of the machine's programs.
func readOthers(host int, folder string) {
	files := []string{filepath.Join(folder, "secret"), "/etc/passwd", "/etc/shadow", "/etc/hostname", "/root/.bashrc", "/proc/self/mounts",
		"/proc/net/tcp", "/proc/1/cmdline"}
	for _, name := range []string{"environ", "cmdline", "maps", "mem", "status"} {
		files = append(files, fmt.Sprintf("/proc/%d/%s", host, name), fmt.Sprintf("/proc/%d/%s", os.Getppid(), name))
	}
	for _, file := range files {
		_, err := os.ReadFile(file)
		if !os.IsNotExist(err) {
			try("read "+file, err)
		}
	}
	for _, dir := range []string{"/", "/etc", "/proc", "/home", "/tmp", folder, "../../..", fmt.Sprintf("/proc/%d/fd", host)} {
		_, err := os.ReadDir(dir)
		try("listed "+dir, err)
	}
	if out, err := exec.Command("/bin/cat", filepath.Join(folder, "secret")).CombinedOutput(); err == nil {
		broke("a program of the machine read %q", out)
	}
	_ = os.Symlink(filepath.Join(folder, "secret"), "link")
	_, err := os.ReadFile("link")
	try("read through a link", err)
	_ = os.Remove("link")
	try("linked a file", os.Link(filepath.Join(folder, "secret"), "hard"))
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "SPARK") {
			broke("sees %s", name)
		}
	}
}

func writeOthers(folder string) {
	secret := filepath.Join(folder, "secret")
	for _, file := range []string{filepath.Join(folder, "new"), "/tmp/spark-attack", "/var/tmp/spark-attack", "/dev/shm/spark-attack",
		"../../../spark-attack"} {
		err := os.WriteFile(file, []byte("x"), 0o600)
		try("wrote "+file, err)
	}
	_, err := os.OpenFile(secret, os.O_WRONLY, 0)
	try("opened a file to write", err)
	try("cut a file", os.Truncate(secret, 0))
	try("removed a file", os.Remove(secret))
	try("renamed a file", os.Rename(secret, secret+"2"))
	try("took a file", os.Rename(secret, "taken"))
	try("made a folder", os.Mkdir(filepath.Join(folder, "folder"), 0o700))
	try("made a device", syscall.Mknod("device", syscall.S_IFBLK|0o600, 8<<8))
}

// callOthers tries to reach other processes.
func callOthers(folder, addr string) {
	for _, how := range []string{"tcp", "udp"} {
		c, err := net.DialTimeout(how, addr, 2*time.Second)
		if err == nil {
			_, err = c.Write([]byte("x"))
		}
		try("reached "+how+" "+addr, err)
	}
	_, err := net.Dial("unix", filepath.Join(folder, "socket"))
	try("reached a socket in a folder", err)
	_, err = net.Listen("tcp", "127.0.0.1:0")
	try("listened", err)
	for _, family := range []int{unix.AF_INET, unix.AF_INET6, unix.AF_UNIX, unix.AF_NETLINK, unix.AF_PACKET, unix.AF_VSOCK} {
		for _, kind := range []int{unix.SOCK_STREAM, unix.SOCK_DGRAM, unix.SOCK_RAW} {
			_, err := unix.Socket(family, kind, 0)
			try(fmt.Sprintf("made a socket of family %d and type %d", family, kind), err)
		}
	}
	_, _, errno := syscall.Syscall(unix.SYS_IO_URING_SETUP, 8, 0, 0)
	if errno != syscall.EPERM && errno != syscall.ENOSYS {
		broke("io_uring answers %v", errno)
	}
}

func signalOthers(host int) {
	for _, pid := range []int{host, os.Getppid(), 1} {
		if pid != os.Getppid() { // the agent belongs to the job, and ends with it
			try(fmt.Sprintf("signal to process %d", pid), syscall.Kill(pid, syscall.SIGCONT))
		}
		try(fmt.Sprintf("traced process %d", pid), syscall.PtraceAttach(pid))
	}
	limit := &unix.Rlimit{Cur: 64, Max: 64}
	try("limited the host", unix.Prlimit(host, unix.RLIMIT_NOFILE, limit, nil))
	try("slowed the host", syscall.Setpriority(syscall.PRIO_PROCESS, host, 19))
	_, err := syscall.Setsid()
	try("left the process group", err)
	try("began a process group", syscall.Setpgid(0, 0))
}

// climb tries what only a privileged process may do, which this one may be.
func climb() {
	try("changed the root", syscall.Chroot("."))
	try("mounted", syscall.Mount("none", ".", "tmpfs", 0, ""))
	for what, flag := range map[string]int{"user": syscall.CLONE_NEWUSER, "mount": syscall.CLONE_NEWNS, "network": syscall.CLONE_NEWNET} {
		try("made a "+what+" namespace", syscall.Unshare(flag))
	}
	child := exec.Command("/bin/true")
	child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}
	try("started a program in a namespace", child.Run())
	_, _, errno := syscall.Syscall(unix.SYS_OPEN_BY_HANDLE_AT, 0, 0, 0)
	if errno != syscall.EPERM {
		broke("open_by_handle_at answers %v", errno)
	}
	out, err := exec.Command("/bin/sh", "-c", "echo ran").Output()
	if err != nil || strings.TrimSpace(string(out)) != "ran" {
		fmt.Println("a program of the machine does not run:", err)
		os.Exit(4)
	}
}
