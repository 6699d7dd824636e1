package peers

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// nodeFiles are the programs for peers from npm, and which packages they need.
//
//go:embed node
var nodeFiles embed.FS

// Node is a peer from npm: one process submits and another works, as they would in production.
type Node struct {
	Env *Env
	// Module is the peer's file below node, without its ending.
	Module string

	database *Database // nil for a peer without one
	args     []string
	client   *nodeProcess
	worker   *nodeProcess
}

// BullMQ is taskforcesh/bullmq. It keeps its jobs in Redis.
func BullMQ(e *Env) *Node { return &Node{Env: e, Module: "bullmq"} }

// Graphile is graphile/worker. It keeps its jobs in Postgres, and deletes those that are done.
func Graphile(e *Env) *Node { return &Node{Env: e, Module: "graphile"} }

// Setup implements Peer.
func (p *Node) Setup(ctx context.Context) (err error) {
	if p.Module == "graphile" {
		if p.database, err = p.Env.NewDatabase(ctx, nil); err != nil {
			return err
		}
		p.args = []string{p.database.URL, strconv.Itoa(Connections)}
	} else {
		url, err := p.Env.NewRedis(ctx)
		if err != nil {
			return err
		}
		p.args = []string{url}
	}
	if p.client, err = p.start(ctx); err != nil {
		return err
	}
	return p.client.call("setup", nil, nil)
}

// Submit implements Peer.
func (p *Node) Submit(_ context.Context, l Load) (accepted int, err error) {
	err = p.client.call("submit", map[string]any{"callers": l.Callers, "jobs": l.Jobs, "for": l.For.Milliseconds(), "rate": l.Rate}, &accepted)
	return accepted, err
}

// Load implements Loader.
func (p *Node) Load(_ context.Context, n int) error {
	return p.client.call("load", map[string]any{"jobs": n}, nil)
}

// Work implements Peer.
func (p *Node) Work(ctx context.Context, slots int) (err error) {
	if p.worker, err = p.start(ctx); err != nil {
		return err
	}
	return p.worker.call("work", map[string]any{"slots": slots}, nil)
}

// Finished implements Peer.
func (p *Node) Finished(ctx context.Context, n int) (finished int, err error) {
	within := time.Hour
	if deadline, ok := ctx.Deadline(); ok {
		within = time.Until(deadline)
	}
	err = p.worker.call("finished", map[string]any{"jobs": n, "within": within.Milliseconds()}, &finished)
	return finished, err
}

// Waits implements Peer.
func (p *Node) Waits() ([]time.Duration, error) {
	var ms []float64
	err := p.worker.call("waits", nil, &ms)
	waits := make([]time.Duration, len(ms))
	for i, v := range ms {
		waits[i] = time.Duration(v * float64(time.Millisecond))
	}
	return waits, err
}

// Counts implements Peer.
func (p *Node) Counts(context.Context) (c Counts, err error) {
	from := p.client
	if p.worker != nil {
		from = p.worker
	}
	return c, from.call("counts", nil, &c)
}

// Close implements Peer.
func (p *Node) Close() error {
	var errs []error
	for _, n := range []*nodeProcess{p.worker, p.client} {
		if n != nil {
			errs = append(errs, n.close())
		}
	}
	if p.database != nil {
		errs = append(errs, p.database.Drop())
	}
	return errors.Join(errs...)
}

// nodeProcess answers calls, one at a time.
type nodeProcess struct {
	cmd   *exec.Cmd
	mu    sync.Mutex
	in    io.WriteCloser
	out   *bufio.Reader
	lines *json.Encoder
}

func (p *Node) start(ctx context.Context) (*nodeProcess, error) {
	dir, err := p.Env.nodeModules(ctx)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "node", append([]string{"main.mjs", p.Module}, p.args...)...)
	cmd.Dir = dir
	cmd.Stderr = &tail{}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &nodeProcess{cmd: cmd, in: in, out: bufio.NewReader(out), lines: json.NewEncoder(in)}, cmd.Start()
}

func (n *nodeProcess) call(name string, args, result any) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.lines.Encode(map[string]any{"call": name, "args": args}); err != nil {
		return fmt.Errorf("node: %s: %w\n%s", name, err, n.cmd.Stderr)
	}
	line, err := n.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("node: %s: %w\n%s", name, err, n.cmd.Stderr)
	}
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  string          `json:"error"`
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		return fmt.Errorf("node: %s answered %q: %w", name, line, err)
	}
	if answer.Error != "" {
		return fmt.Errorf("node: %s: %s", name, answer.Error)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Result, result)
}

func (n *nodeProcess) close() error {
	return errors.Join(n.call("close", nil, nil), n.in.Close(), n.cmd.Wait())
}

// tail keeps the last of what a process says.
type tail struct {
	mu   sync.Mutex
	said []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const kept = 4 << 10
	t.said = append(t.said, b...)
	t.said = t.said[max(0, len(t.said)-kept):]
	return len(b), nil
}

// String is the text.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.said)
}
