//go:build linux

package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// forkBomb starts processes, each of which does the same, until no more can start. With "wait", none of them ends.
func forkBomb(args []string) {
	n := 0
	for failed := 0; failed < 50; {
		_, err := spawn()
		if err != nil {
			failed++
			continue
		}
		if n++; n > 5000 {
			broke("started %d processes", n)
			break
		}
	}
	held("started %d processes", n)
	for len(args) > 0 {
		time.Sleep(time.Hour)
	}
}

// spawn starts a child without output: its runtime's crash messages would fill the log.
func spawn() (int, error) {
	return syscall.ForkExec("/proc/self/exe", []string{"hostile", "child"}, &syscall.ProcAttr{})
}

// child starts two more of itself for as long as it can, and burns the processor.
func child([]string) {
	signal.Ignore()
	for range 2 {
		_, _ = spawn()
	}
	for { //nolint:staticcheck // that it spins is the attack
	}
}

// daemon leaves a process that outlives the step, in a separate session, holding the step's output open.
func daemon([]string) {
	attr := &syscall.ProcAttr{Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setsid: true}}
	if _, err := syscall.ForkExec("/proc/self/exe", []string{"hostile", "linger"}, attr); err != nil {
		fmt.Println("fork:", err)
		os.Exit(3)
	}
	output("index.html", "<!doctype html>")
}

// linger is that process: no signal that can be caught ends it, and it keeps changing the outputs.
func linger([]string) {
	signal.Ignore()
	for n := 0; ; n++ {
		_ = os.WriteFile("index.html", fmt.Append(nil, "changed ", n), 0o644)
		time.Sleep(time.Millisecond)
	}
}

// family reports that it has started and never ends, with three children in separate sessions that do the same.
func family([]string) {
	for range 3 {
		attr := &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Setsid: true}}
		if _, err := syscall.ForkExec("/proc/self/exe", []string{"hostile", "stubborn"}, attr); err != nil {
			fmt.Println("fork:", err)
			os.Exit(3)
		}
	}
	fmt.Println("here")
	stubborn(nil)
}

// stubborn never ends, and ignores what can be ignored.
func stubborn([]string) {
	c := make(chan os.Signal, 100)
	signal.Notify(c)
	for {
		<-c
	}
}
