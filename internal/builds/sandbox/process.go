package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// process is one agent as a child process in a group of its own. It serves one job.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	stderr headBuffer
	r      *protocol.Reader
	w      *protocol.Writer
	exited chan struct{} // closed when the child is reaped

	isolation engines.Isolation // as the agent says it
}

// startProcess starts an agent. It does not wait for the agent's hello.
func startProcess(command []string, dir string) (*process, error) {
	inR, inW, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start the agent: %w", err)
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the agent: %w", err), inR.Close(), inW.Close())
	}
	p := &process{stdin: inW, stdout: outR, exited: make(chan struct{})}
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.Args[0] = "spark"
	p.cmd.Dir = dir
	p.cmd.Env = []string{"TMPDIR=" + dir} // nothing of ours: an agent needs no secrets
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = inR, outW, &p.stderr
	p.cmd.SysProcAttr = childAttr()
	p.cmd.WaitDelay = 2 * time.Second
	err = p.cmd.Start()
	err = errors.Join(err, inR.Close(), outW.Close())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the agent: %w", err), inW.Close(), outR.Close())
	}
	p.r, p.w = protocol.NewReader(outR), protocol.NewWriter(inW)
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

// hello waits until the agent can take a job.
func (p *process) hello(within time.Duration) error {
	timer := time.AfterFunc(within, p.kill)
	greeting, err := awaitHello(p.r)
	if !timer.Stop() && err != nil {
		err = fmt.Errorf("the agent did not answer within %s: %w", within, err)
	}
	if err != nil {
		p.stop()
		return errors.Join(err, p.stderr.err())
	}
	if p.isolation = greeting.Isolation; !p.isolation.Level.Valid() || p.isolation.Level == engines.Contained {
		p.isolation = engines.Isolation{Level: engines.Open, Reason: "the agent does not report its isolation"}
	}
	return nil
}

// alive reports whether the child has not been reaped yet.
func (p *process) alive() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// kill kills the child and everything in its group. It may be called at any time and more than once.
func (p *process) kill() {
	if p.alive() {
		killGroup(p.cmd.Process.Pid)
	}
}

// stop kills the group and waits until it is gone.
func (p *process) stop() {
	p.kill()
	<-p.exited
	_ = p.stdin.Close()
	_ = p.stdout.Close()
}

// headBuffer keeps the beginning of what a process writes: a Go program that dies says why first.
type headBuffer struct {
	mu sync.Mutex
	b  []byte
}

const headBytes = 4 << 10

func (h *headBuffer) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.b = append(h.b, p[:min(len(p), headBytes-len(h.b))]...)
	return len(p), nil
}

func (h *headBuffer) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.b)
}

func (h *headBuffer) err() error {
	if s := h.String(); s != "" {
		return errors.New("agent: " + clip(s, 2000))
	}
	return nil
}

var _ io.Writer = (*headBuffer)(nil)
