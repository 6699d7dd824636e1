//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// forge tries to impersonate the agent: it writes a frame that ends the job, without a token, to every descriptor of every
// process that it can see.
func forge([]string) {
	payload := []byte(`{"outcome":"succeeded"}`)
	frame := make([]byte, 28, 28+len(payload))
	binary.BigEndian.PutUint32(frame, uint32(len(payload)))
	frame[4] = 11
	frame = append(frame, payload...)
	for _, pid := range others() {
		fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		if err != nil || len(fds) == 0 { // the folder cannot be read: guess
			for n := range 10 {
				fds = append(fds, fmt.Sprintf("/proc/%d/fd/%d", pid, n))
			}
		}
		for _, fd := range fds {
			f, err := os.OpenFile(fd, os.O_WRONLY, 0)
			if err == nil {
				_, err = f.Write(frame)
				_ = f.Close()
			}
			try("wrote a frame to "+fd, err)
		}
	}
	output("index.html", "<!doctype html>")
}

// others are the processes beside this one.
func others() []int {
	var list []int
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		var pid int
		if _, err := fmt.Sscan(filepath.Base(d), &pid); err == nil && pid != os.Getpid() {
			list = append(list, pid)
		}
	}
	return list
}

// trace tries to take over the other processes.
func trace([]string) {
	for _, pid := range others() {
		err := syscall.PtraceAttach(pid)
		try(fmt.Sprintf("traces process %d", pid), err)
		for _, file := range []string{"mem", "environ", "maps", "root", "cwd", "exe", "auxv", "oom_score_adj"} {
			path := fmt.Sprintf("/proc/%d/%s", pid, file)
			if file == "root" || file == "cwd" || file == "exe" {
				_, err = os.Readlink(path)
				try("read "+path, err)
				continue
			}
			flag := os.O_RDWR
			if file == "environ" || file == "maps" || file == "auxv" {
				flag = os.O_RDONLY
			}
			f, err := os.OpenFile(path, flag, 0)
			if err == nil && flag == os.O_RDONLY { // opening alone may be allowed
				if n, readErr := f.Read(make([]byte, 10)); readErr != nil || n == 0 {
					err = fmt.Errorf("nothing to be read: %w", readErr)
				}
			}
			try("opened "+path, err)
		}
		b := []byte("x")
		local := [2]uintptr{uintptr(unsafe.Pointer(&b[0])), 1}
		remote := [2]uintptr{0x400000, 1}
		_, _, errno := syscall.Syscall6(unix.SYS_PROCESS_VM_WRITEV, uintptr(pid), uintptr(unsafe.Pointer(&local)), 1, uintptr(unsafe.Pointer(&remote)), 1, 0)
		try(fmt.Sprintf("wrote into process %d", pid), orNil(errno))
		if fd, _, errno := syscall.Syscall(unix.SYS_PIDFD_OPEN, uintptr(pid), 0, 0); errno == 0 {
			_, _, errno = syscall.Syscall(unix.SYS_PIDFD_GETFD, fd, 1, 0)
			try(fmt.Sprintf("took a descriptor of process %d", pid), orNil(errno))
		}
	}
	output("index.html", "<!doctype html>")
}

func orNil(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

// signals sends every signal to process 1.
func signals([]string) {
	for n := 1; n <= 64; n++ {
		try(fmt.Sprintf("signal %d to process 1", n), syscall.Kill(1, syscall.Signal(n)))
	}
	output("index.html", "<!doctype html>")
}

// escape tries to gain privileges and to change protected things.
func escape([]string) {
	try("became root", syscall.Setuid(0))
	try("became the root group", syscall.Setgid(0))
	try("wrote to the root", os.WriteFile("/owned", nil, 0o600))
	try("replaced the agent", os.WriteFile("/engine-agent", nil, 0o755))
	try("mounted", syscall.Mount("none", "/tmp", "tmpfs", 0, ""))
	try("mounted the disk", syscall.Mknod("/tmp/disk", syscall.S_IFBLK|0o600, 8<<8))
	try("changed the root", syscall.Chroot("/tmp"))
	try("made a user namespace", syscall.Unshare(syscall.CLONE_NEWUSER))
	try("made a mount namespace", syscall.Unshare(syscall.CLONE_NEWNS))
	try("made a network namespace", syscall.Unshare(syscall.CLONE_NEWNET))
	try("changed the host's name", syscall.Sethostname([]byte("owned")))
	try("set the clock", syscall.Settimeofday(&syscall.Timeval{}))
	try("rebooted", syscall.Reboot(syscall.LINUX_REBOOT_CMD_CAD_OFF))
	for _, file := range []string{"/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/kcore", "/proc/kmsg", "/dev/mem",
		"/dev/kmsg", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max", "/proc/1/oom_score_adj"} {
		f, err := os.OpenFile(file, os.O_RDWR, 0)
		if err == nil {
			_ = f.Close()
		}
		try("opened "+file, err)
	}
	if _, err := os.Stat("/var/run/docker.sock"); err == nil {
		broke("sees the daemon's socket")
	}
	for name, n := range map[string]uintptr{"keyctl": unix.SYS_KEYCTL, "bpf": unix.SYS_BPF, "perf_event_open": unix.SYS_PERF_EVENT_OPEN} {
		_, _, errno := syscall.Syscall6(n, 0, 0, 0, 0, 0, 0)
		if errno != syscall.EPERM && errno != syscall.ENOSYS && errno != syscall.EACCES {
			broke("%s answers %v", name, errno)
		}
	}
	for _, e := range os.Environ() {
		fmt.Println("env", e)
	}
	output("index.html", "<!doctype html>")
}

// network looks for a network connection.
func network([]string) {
	list, err := net.Interfaces()
	for _, i := range list {
		if i.Flags&net.FlagLoopback == 0 {
			if addrs, _ := i.Addrs(); len(addrs) > 0 || i.Flags&net.FlagUp != 0 {
				broke("has a network: %v", i)
			}
		}
	}
	if err != nil {
		held("cannot list interfaces: %v", err)
	}
	for _, addr := range []string{"169.254.169.254:80", "[fd00:ec2::254]:80", "172.17.0.1:2375", "10.0.0.1:80", "1.1.1.1:53", "127.0.0.1:2375"} {
		for _, how := range []string{"tcp", "udp"} {
			c, err := net.DialTimeout(how, addr, 2*time.Second)
			if how == "udp" && err == nil {
				_, err = c.Write([]byte("x"))
				if addr == "127.0.0.1:2375" { // the container's own loopback
					continue
				}
			}
			try("reached "+how+" "+addr, err)
		}
	}
	_, err = net.LookupHost("example.com")
	try("looked up a name", err)
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0)
	try("opened a raw socket", err)
	_ = fd
	output("index.html", "<!doctype html>")
}
