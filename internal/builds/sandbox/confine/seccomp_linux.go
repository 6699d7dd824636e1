package confine

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// denied are the system calls that fail for a confined process: those that make a socket, whatever it is for, those that
// could do the same by a detour or reach into another process, and those that are for administrators, to whom the process's
// account may belong.
var denied = []uint32{
	unix.SYS_SOCKET, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD, unix.SYS_KCMP,
	unix.SYS_PROCESS_MADVISE, unix.SYS_PERF_EVENT_OPEN, unix.SYS_BPF, unix.SYS_USERFAULTFD,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_CHROOT, unix.SYS_PIVOT_ROOT, unix.SYS_MOUNT, unix.SYS_UMOUNT2,
	unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK,
	unix.SYS_MOUNT_SETATTR, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_FANOTIFY_INIT,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD,
	unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
	unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME, unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME,
	unix.SYS_ADJTIMEX, unix.SYS_VHANGUP, unix.SYS_PERSONALITY,
	unix.SYS_SETPRIORITY, unix.SYS_IOPRIO_SET, unix.SYS_SCHED_SETAFFINITY, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM,
	unix.SYS_SCHED_SETATTR, unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES, // of other processes of the account, too
	unix.SYS_SETSID, unix.SYS_SETPGID, // the host ends a job by its process group
	unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_SHMGET, unix.SYS_MQ_OPEN, // what outlives a process
}

// newNamespaces are the flags with which clone makes a namespace.
const newNamespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET

// Offsets of struct seccomp_data, of which a filter sees 32 bits at a time.
const (
	offNumber    = 0
	offArch      = 4
	offFirstLow  = 16
	returnAllow  = 0x7fff0000
	returnErrno  = 0x00050000
	returnKill   = 0x80000000
	filterByMode = 1 // SECCOMP_SET_MODE_FILTER
	allThreads   = 1 // SECCOMP_FILTER_FLAG_TSYNC
)

// filter is the program that decides on each system call.
func filter() ([]bpf.RawInstruction, error) {
	if processor.arch == 0 {
		return nil, errors.New("there is no filter for this processor, " + runtime.GOARCH)
	}
	deny := func(errno unix.Errno) bpf.Instruction { return bpf.RetConstant{Val: returnErrno | uint32(errno)} }
	program := []bpf.Instruction{
		// The numbers below mean something else to programs of another architecture, which the processor may run as well.
		bpf.LoadAbsolute{Off: offArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: processor.arch, SkipTrue: 1},
		bpf.RetConstant{Val: returnKill},
		bpf.LoadAbsolute{Off: offNumber, Size: 4},
	}
	if processor.alien != 0 {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: processor.alien, SkipFalse: 1}, deny(unix.ENOSYS))
	}
	for _, list := range [][]uint32{denied, processor.denied} {
		for _, number := range list {
			program = append(program, bpf.JumpIf{Cond: bpf.JumpEqual, Val: number, SkipFalse: 1}, deny(unix.EPERM))
		}
	}
	program = append(program,
		// Its flags are behind a pointer, which a filter cannot follow; without it, programs take clone.
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SYS_CLONE3, SkipFalse: 1}, deny(unix.ENOSYS),
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SYS_CLONE, SkipFalse: 4},
		bpf.LoadAbsolute{Off: offFirstLow, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: newNamespaces, SkipFalse: 1}, deny(unix.EPERM),
		bpf.RetConstant{Val: returnAllow},
		// Limits are the process's own business, and nobody else's: 0 is itself.
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SYS_PRLIMIT64, SkipFalse: 3},
		bpf.LoadAbsolute{Off: offFirstLow, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipFalse: 1}, deny(unix.EPERM),
		bpf.RetConstant{Val: returnAllow})
	return bpf.Assemble(program)
}

// denyCalls puts the filter around all threads of the process, and so around everything that it starts.
func denyCalls() error {
	program, err := filter()
	if err != nil {
		return err
	}
	raw := make([]unix.SockFilter, len(program))
	for i, ins := range program {
		raw[i] = unix.SockFilter{Code: ins.Op, Jt: ins.Jt, Jf: ins.Jf, K: ins.K}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// Landlock has done so before, but a filter is of no use without: the kernel gives it to the other threads as well.
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up privileges: %w", err)
	}
	prog := unix.SockFprog{Len: uint16(len(raw)), Filter: &raw[0]}
	thread, _, errno := unix.Syscall(unix.SYS_SECCOMP, filterByMode, allThreads, uintptr(unsafe.Pointer(&prog))) //nolint:gosec // the call wants a pointer
	runtime.KeepAlive(raw)
	switch {
	case errno != 0:
		return errno
	case thread != 0:
		return fmt.Errorf("thread %d cannot be held in", thread)
	}
	return nil
}

// machine is what a processor adds to the filter.
type machine struct {
	arch   uint32   // as the kernel names it; 0 when there is no filter for it
	alien  uint32   // system calls from this number on are of another way to call the kernel; 0 for none
	denied []uint32 // calls that only this processor has
}
