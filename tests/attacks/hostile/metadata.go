//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// changeOthers tries to change a file's metadata instead of its content: by path, of a file that it may not read, and by path
// and descriptor, of one that it may read.
func changeOthers(secret string) {
	program := os.Args[0] // is in the toolchain
	open, err := os.Open(program)
	if err != nil {
		fmt.Println("the toolchain:", err)
		os.Exit(4)
	}
	defer open.Close()
	past, fd := time.Unix(1, 0), int(open.Fd())
	for _, file := range []string{secret, program} {
		tryUnchanged("mode", file, func() error { return os.Chmod(file, 0o4777) })
		tryUnchanged("mode, by the newest call", file, func() error { return unix.Fchmodat(unix.AT_FDCWD, file, 0, unix.AT_SYMLINK_NOFOLLOW) })
		tryUnchanged("mode, by a program", file, func() error { return exec.Command("/bin/chmod", "0666", file).Run() })
		tryUnchanged("owner", file, func() error { return os.Chown(file, 12345, 12345) })
		tryUnchanged("owner of a link", file, func() error { return os.Lchown(file, 12345, 12345) })
		tryUnchanged("times", file, func() error { return os.Chtimes(file, past, past) })
		tryUnchanged("times, by the oldest call", file, func() error { return unix.Utimes(file, []unix.Timeval{{Sec: 1}, {Sec: 1}}) })
		try("set an attribute of "+file, unix.Setxattr(file, "trusted.spark", []byte("x"), 0))
		try("set a link's attribute of "+file, unix.Lsetxattr(file, "trusted.spark", []byte("x"), 0))
		_, err = unix.Listxattr(file, make([]byte, 4096))
		try("listed attributes of "+file, err)
	}
	tryUnchanged("mode of an open file", program, func() error { return open.Chmod(0) })
	tryUnchanged("owner of an open file", program, func() error { return open.Chown(12345, 12345) })
	tryUnchanged("times of an open file", program, func() error { return unix.Futimes(fd, []unix.Timeval{{Sec: 1}, {Sec: 1}}) })
	try("set an attribute of an open file", unix.Fsetxattr(fd, "user.spark", []byte("x"), 0))
	try("set flags of an open file", unix.IoctlSetPointerInt(fd, unix.FS_IOC_SETFLAGS, unix.STATX_ATTR_NODUMP))
	_, err = unix.FcntlInt(open.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	try("took a lease", err)
}

// tryUnchanged reports an attempt whose call may succeed, as long as it changes nothing.
func tryUnchanged(what, file string, attempt func() error) {
	var before, after unix.Stat_t
	if err := unix.Lstat(file, &before); err != nil {
		fmt.Println(err)
		os.Exit(4)
	}
	err := attempt()
	_ = unix.Lstat(file, &after)
	if before.Mode != after.Mode || before.Uid != after.Uid || before.Gid != after.Gid || before.Mtim != after.Mtim {
		broke("changed the %s of %s", what, file)
		return
	}
	held("%s of %s: %v", what, file, err)
}

// shareWithOthers tries ways to find other processes by the ids of shared objects, or by their use of files.
func shareWithOthers(folder string, shared int) {
	call := func(what string, number uintptr, args ...uintptr) {
		args = append(args, 0, 0, 0, 0)
		if _, _, errno := syscall.Syscall6(number, args[0], args[1], args[2], args[3], 0, 0); errno != syscall.EPERM {
			broke("%s: %v", what, errno)
			return
		}
		held("%s", what)
	}
	id := uintptr(shared)
	call("attached shared memory", unix.SYS_SHMAT, id, 0, unix.SHM_RDONLY)
	call("removed shared memory", unix.SYS_SHMCTL, id, unix.IPC_RMID)
	call("listed shared memory", unix.SYS_SHMCTL, 0, 13 /* SHM_STAT */, uintptr(unsafe.Pointer(new([256]byte))))
	call("removed semaphores", unix.SYS_SEMCTL, 0, 0, unix.IPC_RMID)
	call("used semaphores", unix.SYS_SEMOP, 0, uintptr(unsafe.Pointer(new([8]byte))), 1)
	call("removed a queue", unix.SYS_MSGCTL, 0, unix.IPC_RMID)
	call("sent a message", unix.SYS_MSGSND, 0, uintptr(unsafe.Pointer(&[16]byte{1})), 1, unix.IPC_NOWAIT)
	call("took a message", unix.SYS_MSGRCV, 0, uintptr(unsafe.Pointer(new([16]byte))), 1)
	call("removed a message queue", unix.SYS_MQ_UNLINK, uintptr(unsafe.Pointer(&[]byte("spark\x00")[0])))
	fd, err := unix.InotifyInit()
	if err == nil {
		for _, dir := range []string{folder, "/", "/etc", "/tmp"} {
			_, err = unix.InotifyAddWatch(fd, dir, unix.IN_ALL_EVENTS)
			try("watched "+dir, err)
		}
		_ = unix.Close(fd)
	}
	call("watched everything", unix.SYS_FANOTIFY_INIT)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err == nil {
		err = unix.Sendto(pair[0], []byte("x"), 0, &unix.SockaddrUnix{Name: filepath.Join(folder, "datagrams")})
	}
	try("sent a datagram from a pair of sockets", err)
}
