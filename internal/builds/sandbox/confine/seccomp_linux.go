package confine

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// newNamespaces are the flags with which clone makes a namespace.
const newNamespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET

// Offsets of struct seccomp_data, of which a filter sees 32 bits at a time.
const (
	offNumber    = 0
	offArch      = 4
	offFirstLow  = 16
	offSecondLow = 24
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
	program := []bpf.Instruction{
		// The numbers below mean something else to programs of another architecture, which the processor may support as well.
		bpf.LoadAbsolute{Off: offArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: processor.arch, SkipTrue: 1},
		bpf.RetConstant{Val: returnKill},
		bpf.LoadAbsolute{Off: offNumber, Size: 4},
	}
	if processor.alien != 0 {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: processor.alien, SkipFalse: 1}, answer(unix.ENOSYS))
	}
	for _, list := range []struct {
		numbers []uint32
		errno   unix.Errno
	}{
		{denied, unix.EPERM}, {processor.denied, unix.EPERM}, {ignored, 0}, {processor.ignored, 0}, {unsupported, unix.EOPNOTSUPP},
		// Its flags are behind a pointer, which a filter cannot follow; if it fails, programs use clone.
		{[]uint32{unix.SYS_CLONE3}, unix.ENOSYS},
	} {
		for _, number := range list.numbers {
			program = append(program, bpf.JumpIf{Cond: bpf.JumpEqual, Val: number, SkipFalse: 1}, answer(list.errno))
		}
	}
	allow := bpf.RetConstant{Val: returnAllow}
	program = append(program, byArgument(unix.SYS_CLONE, offFirstLow,
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: newNamespaces, SkipFalse: 1}, answer(unix.EPERM), allow)...)
	// A process may set its own limits, but not those of others: 0 is the process itself.
	program = append(program, byArgument(unix.SYS_PRLIMIT64, offFirstLow, only(unix.EPERM, 0)...)...)
	// A pair of datagram sockets could each send to any other socket, by its path.
	program = append(program, byArgument(unix.SYS_SOCKETPAIR, offSecondLow, append(
		[]bpf.Instruction{bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: socketTypes}}, only(unix.EPERM, unix.SOCK_STREAM, unix.SOCK_SEQPACKET)...)...)...)
	// Leases delay other processes that open a file, and notifications reveal them.
	program = append(program, byArgument(unix.SYS_FCNTL, offSecondLow,
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.F_SETLEASE, SkipTrue: 1},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.F_NOTIFY, SkipFalse: 1}, answer(unix.EPERM), allow)...)
	program = append(program, byArgument(unix.SYS_IOCTL, offSecondLow, only(unix.ENOTTY, controls...)...)...)
	return bpf.Assemble(append(program, allow))
}

// answer blocks a call, and returns a value in its place. 0 makes the call succeed and do nothing.
func answer(errno unix.Errno) bpf.Instruction {
	return bpf.RetConstant{Val: returnErrno | uint32(errno)}
}

// byArgument lets one of a call's arguments decide. What decides must end with an answer.
func byArgument(number, offset uint32, decide ...bpf.Instruction) []bpf.Instruction {
	return append([]bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: number, SkipFalse: uint8(len(decide) + 1)},
		bpf.LoadAbsolute{Off: offset, Size: 4},
	}, decide...)
}

// only allows values of an argument, and no others.
func only(otherwise unix.Errno, values ...uint32) []bpf.Instruction {
	var list []bpf.Instruction
	for _, v := range values {
		list = append(list, bpf.JumpIf{Cond: bpf.JumpEqual, Val: v, SkipFalse: 1}, bpf.RetConstant{Val: returnAllow})
	}
	return append(list, answer(otherwise))
}

// denyCalls applies the filter to all threads of the process, and so to everything that it starts.
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
	// Landlock has already done this, but a filter needs it: the kernel also applies it to the other threads.
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
		return fmt.Errorf("thread %d cannot be confined", thread)
	}
	return nil
}

// machine is what a processor adds to the filter.
type machine struct {
	arch  uint32 // as the kernel names it; 0 when there is no filter for it
	alien uint32 // system calls from this number on are of another way to call the kernel; 0 for none
	// Calls that only this processor has.
	denied, ignored []uint32
}
