package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/services/process"
)

// patience is how long a command may take to end after a signal.
const patience = 30 * time.Second

// runCommand runs the command to its end and returns its exit code. A signal goes to the command's process group; a second one,
// or a command that takes too long to end after the first, kills it.
func runCommand(command, env []string, signals <-chan os.Signal) (code int, err error) {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return exitTrouble, err
	}
	p, err := process.Start(process.Spec{
		Path: path, Args: command[1:], Env: env, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	})
	if err != nil {
		return exitTrouble, err
	}
	// What the command leaves running in its group would outlive the services.
	defer func() { err = errors.Join(err, p.SignalGroup(syscall.SIGKILL)) }()

	var tooLong <-chan time.Time
	for {
		select {
		case <-p.Done():
			return p.ExitCode(), err
		case sig := <-signals:
			if tooLong != nil {
				sig = syscall.SIGKILL
			}
			tooLong = time.After(patience)
			err = errors.Join(err, p.SignalGroup(sig.(syscall.Signal)))
		case <-tooLong:
			err = errors.Join(err, p.SignalGroup(syscall.SIGKILL))
		}
	}
}
