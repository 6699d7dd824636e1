package process

import "syscall"

func attributes(spec Spec) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if spec.OrphanSignal != 0 {
		a.Pdeathsig = spec.OrphanSignal
	}
	a.Credential = credential(spec.User)
	return a
}
