package confine

import "golang.org/x/sys/unix"

var processor = machine{arch: unix.AUDIT_ARCH_AARCH64}
