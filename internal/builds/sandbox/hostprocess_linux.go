package sandbox

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// hostProcess is process 1 of a container, held by a pidfd of this kernel, so that it can be killed, and known to be dead,
// without the daemon. The kernel ends every other process of the container before it reports process 1 dead.
type hostProcess struct {
	fd   *os.File
	dead chan struct{} // closed when no process of the container is left
}

// holdProcess opens process 1 of a container by the number that the daemon reports. The number may be of another machine, or of
// another process by now: a process that is not in the container's control group, or is not the first of its namespace, is
// refused.
func holdProcess(pid int, container string) (*hostProcess, error) {
	if pid <= 1 || container == "" {
		return nil, errors.New("the daemon knows no process")
	}
	fd, err := unix.PidfdOpen(pid, unix.PIDFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	p := &hostProcess{fd: os.NewFile(uintptr(fd), "pidfd"), dead: make(chan struct{})}
	// The descriptor is opened first: what is read now is about it as long as it is not dead.
	err = isFirstOf(pid, container)
	if err == nil {
		err = unix.PidfdSendSignal(fd, 0, nil, 0) // it lives, and may be killed
	}
	if err != nil {
		return nil, errors.Join(err, p.fd.Close())
	}
	go p.watch()
	return p, nil
}

func isFirstOf(pid int, container string) error {
	groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return err
	}
	if !strings.Contains(string(groups), container) {
		return fmt.Errorf("process %d is not of container %s", pid, container)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		if numbers, ok := strings.CutPrefix(line, "NSpid:"); ok {
			if f := strings.Fields(numbers); len(f) > 1 && f[len(f)-1] == "1" {
				return nil
			}
		}
	}
	return fmt.Errorf("process %d is not the first of its container", pid)
}

// watch waits for the death, or for close.
func (p *hostProcess) watch() {
	conn, err := p.fd.SyscallConn()
	if err != nil {
		return
	}
	err = conn.Read(func(fd uintptr) bool {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		return err == nil && n > 0
	})
	if err == nil {
		close(p.dead)
	}
}

// kill ends every process of the container. It does not wait.
func (p *hostProcess) kill() {
	if p == nil {
		return
	}
	if conn, err := p.fd.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _ = unix.PidfdSendSignal(int(fd), unix.SIGKILL, nil, 0) })
	}
}

// died is closed when the container is dead; nil when that cannot be known here.
func (p *hostProcess) died() <-chan struct{} {
	if p == nil {
		return nil
	}
	return p.dead
}

func (p *hostProcess) close() {
	if p != nil {
		_ = p.fd.Close()
	}
}
