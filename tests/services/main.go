// Command services runs a command with a private Postgres, a private Redis and a Docker daemon, and removes them afterwards:
//
//	go run ./tests/services -- go test -race ./...
//
// The command finds them in its environment: SPARK_TEST_POSTGRES_URL, SPARK_TEST_REDIS_ADDR, SPARK_TEST_DOCKER_HOST, and
// the browser for end-to-end tests in SPARK_TEST_CHROMIUM. The exit code is the command's. A Docker daemon that answers
// already is used; one is started, as root on Linux, only when none does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/services/find"
)

const (
	exitTrouble = 125 // the services failed, not the command; env and timeout use the same code
	exitUsage   = 2
)

var stopSignals = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}

func main() {
	os.Exit(run())
}

func run() int {
	fsync := flag.Bool("fsync", false, "make Postgres flush to disk, as in production (for benchmarks)")
	check := flag.Bool("check", false, "only find, or install, what the tests need")
	own := flag.Bool("own-docker", false, "start a Docker daemon even when one answers")
	flag.Usage = usage
	flag.Parse()
	command := flag.Args()
	if len(command) == 0 && !*check {
		usage()
		return exitUsage
	}

	// A signal cancels the preparations through the context, and reaches the command through the channel.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, stopSignals...)
	defer signal.Stop(signals)
	ctx, cancel := signal.NotifyContext(context.Background(), stopSignals...)
	defer cancel()
	go watchParent()

	tools, err := prepare(ctx)
	if err != nil {
		report(err)
		return exitTrouble
	}
	if *check {
		return 0
	}
	if *own {
		tools.DockerHost = ""
		if tools.Dockerd, err = find.Dockerd(); err != nil {
			report(err)
			return exitTrouble
		}
	}
	s, err := startServices(ctx, tools, *fsync)
	if err != nil {
		report(err)
		return exitTrouble
	}
	code, err := runCommand(command, append(os.Environ(), s.environment()...), signals)
	if err = errors.Join(err, s.stop()); err != nil {
		report(err)
	}
	return code
}

// prepare finds the tools, and installs what is missing where it can.
func prepare(ctx context.Context) (find.Tools, error) {
	tools, missing := find.All()
	if len(missing) > 0 && find.CanInstall() {
		names := make([]string, len(missing))
		for i, m := range missing {
			names[i] = m.Name
		}
		fmt.Fprintf(os.Stderr, "services: installing %s\n", strings.Join(names, "; "))
		if err := find.Install(ctx, missing, os.Stderr); err != nil {
			return tools, err
		}
		tools, missing = find.All()
	}
	problems := make([]error, len(missing))
	for i, m := range missing {
		problems[i] = m
	}
	return tools, errors.Join(problems...)
}

// watchParent turns the death of the parent into a SIGTERM to this process. "go run" dies of a SIGTERM without passing it on,
// and the services would keep running.
func watchParent() {
	parent := os.Getppid()
	for range time.Tick(500 * time.Millisecond) {
		if os.Getppid() != parent {
			_ = syscall.Kill(os.Getpid(), syscall.SIGTERM) // a process may always signal itself
			return
		}
	}
}

func report(err error) {
	fmt.Fprintf(os.Stderr, "services: %s\n", strings.ReplaceAll(err.Error(), "\n", "\n          "))
}

func usage() {
	fmt.Fprintf(os.Stderr, "usage: services [flags] -- command [argument ...]\n\n"+
		"Runs the command with a private Postgres and Redis; see the package's comment.\n\n")
	flag.PrintDefaults()
}
