package sandbox_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// fakeArg makes the test binary an agent that misbehaves as its next argument says.
const fakeArg = "fake-agent"

func fake(mode string, args ...string) func(*sandbox.Options) {
	return func(o *sandbox.Options) { o.Agent = append([]string{os.Args[0], fakeArg, mode}, args...) }
}

func fakeAgent(mode string, args []string) int {
	w := protocol.NewWriter(os.Stdout)
	say := func(t protocol.Type, payload string) {
		_ = w.Send(t, []byte(payload))
		_ = w.Flush()
	}
	version := protocol.Version
	switch mode {
	case "old":
		version++
	case "mute":
		return 1
	case "host":
		return fakeHost(args[0], args[1])
	case "child": // holds a connection for as long as it lives
		hold(args[0])
		return 0
	case "dies waiting":
		if err := os.Mkdir("died", 0o700); err == nil {
			say(protocol.Hello, fmt.Sprintf(`{"version":%d}`, protocol.Version))
			return 1
		}
		return agent.Main()
	}
	say(protocol.Hello, fmt.Sprintf(`{"version":%d}`, version))
	r := protocol.NewReader(os.Stdin)
	f, err := r.NextOrStart()
	if err != nil {
		return 1
	}
	w.Begin(f.Token)
	if mode == "grants too much" {
		say(protocol.Credit, "\xff\xff\xff\xff")
	}
	for f.Type != protocol.Run {
		if f, err = r.Next(); err != nil {
			return 1
		}
	}
	switch mode {
	case "hang":
		hold(args[0])
	case "family":
		self, _ := os.Executable()
		cmd := exec.Command(self, fakeArg, "child", args[0])
		if err := cmd.Start(); err != nil {
			return 1
		}
		_, _ = io.Copy(io.Discard, os.Stdin)
		time.Sleep(time.Hour)
	case "crash":
		fmt.Fprintln(os.Stderr, "panic: something with a /secret/path")
		return 2
	case "oom":
		fmt.Fprintln(os.Stderr, "fatal error: runtime: out of memory")
		return 2
	case "garbage":
		_, _ = os.Stdout.WriteString(strings.Repeat("garbage ", 1000))
	case "stale":
		w.Begin(protocol.Token{1})
		say(protocol.Done, `{"outcome":"succeeded"}`)
	case "flood":
		for {
			say(protocol.Log, strings.Repeat("log ", 1000)+"\n")
		}
	case "bomb":
		for n := 0; ; n++ {
			if protocol.SendFile(w, fmt.Sprintf("f%d", n), make([]byte, 1<<20)) != nil {
				return 1
			}
		}
	case "environment":
		say(protocol.Log, strings.Join(os.Environ(), "\n")+"\n")
		say(protocol.Done, `{"outcome":"failed"}`)
	}
	return 0
}

// hold connects to the test and stays until it is killed; the test sees the connection break.
func hold(addr string) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, c)
}

// fakeHost is a worker that starts a build which never ends, and waits to be killed.
func fakeHost(addr, dir string) int {
	r, err := sandbox.NewLocalRunner(sandbox.Options{Toolchains: noPackages{}, Dir: dir,
		Agent: []string{os.Args[0], fakeArg, "hang", addr}})
	if err != nil {
		return 1
	}
	list := files("main.js", "run()")
	plan, _ := plain{}.Plan(engines.BuildRequest{Files: list, Mode: engines.Preview})
	_, _ = r.Run(context.Background(), engines.RunRequest{Engine: plain{}, Plan: plan, Files: list, Sink: engines.NewSpool(dir)})
	return 0
}
