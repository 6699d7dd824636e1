package docker

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEverythingIsLockedDown compares the container's settings with the list in the design.
func TestEverythingIsLockedDown(t *testing.T) {
	t.Parallel()
	s := Spec{Name: "n", Image: "sha256:x", Labels: map[string]string{"a": "b"}, Memory: 1 << 30, NanoCPUs: 2e9, Processes: 64,
		OpenFiles: 100, FileBytes: 1 << 20, Work: Tmpfs{Bytes: 1 << 20, Inodes: 10, Exec: true}, Tmp: Tmpfs{Bytes: 1 << 10, Inodes: 5},
		Runtime: "runsc", UserNS: "host"}
	c, h := s.config()
	for what, ok := range map[string]bool{
		"no network":             h.NetworkMode == "none" && c.NetworkDisabled,
		"read-only root":         h.ReadonlyRootfs,
		"capabilities":           slices.Equal(h.CapDrop, []string{"ALL"}) && slices.Equal(h.CapAdd, []string{"SETUID", "SETGID", "KILL"}),
		"no new privileges":      slices.Contains(h.SecurityOpt, "no-new-privileges"),
		"default seccomp":        !slices.ContainsFunc(h.SecurityOpt, func(o string) bool { return strings.Contains(o, "seccomp") }),
		"not privileged":         !h.Privileged && h.PidMode == "" && len(h.Devices) == 0,
		"no shared memory":       h.IpcMode == "none",
		"no binds":               len(h.Binds) == 0 && len(h.Mounts) == 0 && len(h.VolumesFrom) == 0 && len(c.Volumes) == 0,
		"memory without swap":    h.Memory == 1<<30 && h.MemorySwap == h.Memory,
		"processors":             h.NanoCPUs == 2e9,
		"processes":              *h.PidsLimit == 64,
		"limits":                 len(h.Ulimits) == 3,
		"no log":                 h.LogConfig.Type == "none",
		"removed by itself":      h.AutoRemove && h.RestartPolicy.Name == "",
		"ends with its input":    c.OpenStdin && c.StdinOnce && !c.Tty,
		"work":                   h.Tmpfs["/work"] == "rw,nosuid,nodev,mode=1777,size=1048576,nr_inodes=10,exec",
		"tmp":                    h.Tmpfs["/tmp"] == "rw,nosuid,nodev,mode=1777,size=1024,nr_inodes=5,noexec",
		"configured":             h.Runtime == "runsc" && h.UsernsMode == "host",
		"no environment of ours": len(c.Env) == 0,
	} {
		if !ok {
			t.Errorf("%s: %+v %+v", what, c, h)
		}
	}
}

func TestConnectRefuses(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"nonsense", "unix://", "://x"} {
		if d, err := Connect(host); err == nil {
			_ = d.Close()
			t.Errorf("host %q", host)
		}
	}
}

// TestSilentDaemon talks to a daemon that accepts connections and never answers: every call ends with its context.
func TestSilentDaemon(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	d, err := Connect("tcp://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	for name, call := range map[string]func(context.Context) error{
		"info":   func(ctx context.Context) error { _, err := d.Info(ctx); return err },
		"image":  func(ctx context.Context) error { _, _, err := d.Image(ctx, "x"); return err },
		"start":  func(ctx context.Context) error { _, err := d.Start(ctx, Spec{Name: "x", Image: "x"}); return err },
		"kill":   func(ctx context.Context) error { return d.Kill(ctx, "x") },
		"remove": func(ctx context.Context) error { return d.Remove(ctx, "x") },
		"list":   func(ctx context.Context) error { _, err := d.List(ctx, "x"); return err },
		"watch":  func(ctx context.Context) error { return d.Watch(ctx, "x", func() {}, func(Event) {}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if err := call(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestLeash cuts a connection whose context ends, also when it is made later.
func TestLeash(t *testing.T) {
	t.Parallel()
	for _, early := range []bool{true, false} {
		a, b := net.Pipe()
		l := &leash{}
		if early {
			l.pull()
			l.hold(a)
		} else {
			l.hold(a)
			l.pull()
		}
		if _, err := b.Read(make([]byte, 1)); err == nil {
			t.Error("the connection is open")
		}
	}
}

func TestImageFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`OCI runtime create failed: exec: "/engine-agent": stat /engine-agent: no such file or directory: unknown`: true,
		`exec: "/engine-agent": permission denied`: true,
		"cannot allocate memory":                   false,
		"no such file or directory":                false,
	} {
		if isImageFault("start", errors.New(text)) != want {
			t.Errorf("%q", text)
		}
	}
	if isImageFault("attach to", errors.New("exec: no such file or directory")) {
		t.Error("attaching executes nothing")
	}
}
