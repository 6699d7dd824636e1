package guard

import (
	"errors"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// family is every process of the container: the guard's own children, and the orphans that the system gives to process 1.
type family struct {
	mu       sync.Mutex
	children map[int]*child
}

// child is a process that the guard started.
type child struct {
	pid    int
	gone   chan struct{} // closed when it has been reaped
	status syscall.WaitStatus
}

func newFamily() *family {
	f := &family{children: make(map[int]*child)}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, unix.SIGCHLD)
	go func() {
		for range ended {
			f.reap()
		}
	}()
	return f
}

// reap reaps every process that has ended.
func (f *family) reap() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if c := f.children[pid]; c != nil {
			c.status = status
			close(c.gone)
			delete(f.children, pid)
		}
	}
}

// start starts a child under an account, with nothing of the guard's but the three files, which are closed here.
func (f *family) start(command []string, account int, files [3]*os.File) (*child, error) {
	attr := &syscall.ProcAttr{Dir: "/", Env: []string{"TMPDIR=/tmp"}, Sys: &syscall.SysProcAttr{Setsid: true}}
	for _, file := range files {
		attr.Files = append(attr.Files, file.Fd())
	}
	defer func() {
		for _, file := range files {
			_ = file.Close()
		}
	}()
	if account != 0 {
		attr.Sys.Credential = &syscall.Credential{Uid: uint32(account), Gid: uint32(account)}
	}
	f.mu.Lock() // so that it is known before it can be reaped
	defer f.mu.Unlock()
	pid, err := syscall.ForkExec(command[0], command, attr)
	if err != nil {
		return nil, err
	}
	c := &child{pid: pid, gone: make(chan struct{})}
	f.children[pid] = c
	return c, nil
}

// killAll kills every process but the guard, and returns when none is left. -1 means every process of the container but the
// sender; a fork at that moment fails, because of the pending signal.
func (f *family) killAll() bool {
	if os.Getpid() != 1 {
		return false
	}
	for wait := 20 * time.Microsecond; wait < 2*time.Second; wait *= 2 {
		if errors.Is(unix.Kill(-1, unix.SIGKILL), unix.ESRCH) {
			return true
		}
		f.reap()
		time.Sleep(wait)
	}
	return false
}

// others counts the processes beside the guard.
func others() (int, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return 0, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	n := -1 // the guard
	for _, name := range names {
		if name[0] >= '0' && name[0] <= '9' {
			n++
		}
	}
	return n, err
}

// ReserveThreads makes the runtime start threads now. It keeps them, so a fork bomb, which leaves no threads for others, does
// not stop this process.
func ReserveThreads() {
	const n = 6
	var ready, all sync.WaitGroup
	ready.Add(n)
	release := make(chan struct{})
	for range n {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ready.Done()
			<-release
		})
	}
	ready.Wait()
	close(release)
	all.Wait()
}

var errSurvivors = errors.New("not every process could be ended")
