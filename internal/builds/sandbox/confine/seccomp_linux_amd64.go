package confine

import "golang.org/x/sys/unix"

var processor = machine{
	arch:  unix.AUDIT_ARCH_X86_64,
	alien: 0x40000000, // x32
	denied: []uint32{unix.SYS_IOPL, unix.SYS_IOPERM, unix.SYS_MODIFY_LDT, unix.SYS_USELIB, unix.SYS_CREATE_MODULE,
		unix.SYS__SYSCTL, unix.SYS_SYSFS},
	ignored: []uint32{unix.SYS_CHMOD, unix.SYS_CHOWN, unix.SYS_LCHOWN, unix.SYS_UTIME, unix.SYS_UTIMES, unix.SYS_FUTIMESAT},
}
