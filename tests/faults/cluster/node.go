package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/services/process"
	"github.com/spark-games/spark/tests/services/server"
)

// Role is what a node is of the platform, and the name of its program.
type Role string

// The roles.
const (
	API       Role = "api"
	Worker    Role = "worker"
	Scheduler Role = "scheduler"
)

// restartAfter is how long the supervisor waits before it starts a process again that has ended by itself.
const restartAfter = 300 * time.Millisecond

// stopWithin is how long a node may take to stop when it is asked to.
const stopWithin = 40 * time.Second

// Node is one process of the platform under a supervisor: it keeps its name, folder and port while it is killed and started again.
type Node struct {
	Name string
	Role Role

	program, dir string
	env          []string
	addr         string

	mu      sync.Mutex
	current *process.Process
	stop    chan struct{} // closed to end the supervision; nil while it is down
	exits   []int         // codes of the processes that ended by themselves
}

func newNode(ctx context.Context, role Role, name, programs, dir string, env []string) (*Node, error) {
	port, err := server.FreePort(ctx)
	if err != nil {
		return nil, err
	}
	n := &Node{Name: name, Role: role, program: filepath.Join(programs, string(role)), dir: filepath.Join(dir, name),
		addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	address := "SPARK_METRICS_ADDR="
	if role == API {
		address = "SPARK_ADDR="
	}
	n.env = process.Environment("SPARK_", append(env, address+n.addr, "SPARK_DATA_DIR="+n.Data(), "TMPDIR="+n.Temp(), clockVariable+"="+n.clock())...)
	return n, os.MkdirAll(n.Temp(), 0o700)
}

// Addr is where the process serves HTTP.
func (n *Node) Addr() string { return n.addr }

// Log is the file that it writes its log to.
func (n *Node) Log() string { return filepath.Join(n.dir, "log") }

// Data is its data folder.
func (n *Node) Data() string { return filepath.Join(n.dir, "data") }

// Temp is its folder for temporary files.
func (n *Node) Temp() string { return filepath.Join(n.dir, "tmp") }

// Exits are the exit codes of the processes that ended by themselves.
func (n *Node) Exits() []int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]int(nil), n.exits...)
}

// Start starts the process, and again whenever it ends by itself.
func (n *Node) Start() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.stop != nil {
		return nil
	}
	var err error
	if n.current, err = n.launch(); err != nil {
		return err
	}
	n.stop = make(chan struct{})
	go n.supervise(n.current, n.stop)
	return nil
}

func (n *Node) launch() (*process.Process, error) {
	log, err := os.OpenFile(n.Log(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	p, err := process.Start(process.Spec{Path: n.program, Dir: n.dir, Env: n.env, Stdout: log, Stderr: log})
	return p, errors.Join(err, log.Close())
}

func (n *Node) supervise(p *process.Process, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-p.Done():
		}
		select {
		case <-stop:
			return
		case <-time.After(restartAfter):
		}
		n.mu.Lock()
		select {
		case <-stop:
			n.mu.Unlock()
			return
		default:
		}
		n.exits = append(n.exits, p.ExitCode())
		next, err := n.launch()
		if err == nil {
			n.current, p = next, next
		}
		n.mu.Unlock()
	}
}

// release ends the supervision and returns the process.
func (n *Node) release() *process.Process {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.stop != nil {
		close(n.stop)
		n.stop = nil
	}
	return n.current
}

// Kill kills the process, and only it, and waits until it has ended. It stays down until Start.
func (n *Node) Kill() error {
	p := n.release()
	if p == nil {
		return nil
	}
	return p.Stop(syscall.SIGKILL, stopWithin)
}

// Stop asks the process to stop, and returns its exit code.
func (n *Node) Stop() (int, error) {
	p := n.release()
	if p == nil {
		return 0, nil
	}
	if err := p.Stop(syscall.SIGTERM, stopWithin); err != nil {
		return 0, err
	}
	return p.ExitCode(), nil
}

// Pause freezes the process, and not its children, until Resume.
func (n *Node) Pause() error { return n.signal(syscall.SIGSTOP) }

// Resume ends a Pause.
func (n *Node) Resume() error { return n.signal(syscall.SIGCONT) }

func (n *Node) signal(sig syscall.Signal) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.current == nil {
		return fmt.Errorf("%s is not running", n.Name)
	}
	return n.current.Signal(sig)
}

// Ready waits until the process says that it and what it needs are ready.
func (n *Node) Ready(ctx context.Context) error {
	for {
		err := n.ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w\n%s", n.Name, err, process.Tail(n.Log(), 20))
		case <-time.After(pollEvery):
		}
	}
}

func (n *Node) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.addr+"/readyz", http.NoBody)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	return nil
}
