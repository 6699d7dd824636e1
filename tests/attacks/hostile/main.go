//go:build linux

// Command hostile is a build step that attacks its sandbox, in the way that its arguments name. It reports on stdout what it
// achieved, in lines that begin with "BROKE", and writes honest outputs to the folder out where the attack requires it.
package main

import (
	"fmt"
	"os"
	"strings"
)

// attacks are all attacks, by name.
var attacks = map[string]func(args []string){
	"nothing":   func([]string) {},
	"say":       func(args []string) { fmt.Println(strings.Join(args, " ")) },
	"honest":    func([]string) { output("index.html", "<!doctype html>") },
	"fork-bomb": forkBomb, "child": child, "daemon": daemon, "linger": linger, "family": family, "stubborn": stubborn,
	"memory-bomb": memoryBomb, "fill-bytes": fillBytes, "fill-inodes": fillInodes,
	"endless-output": endlessOutput, "long-line": longLine, "control-output": controlOutput,
	"forge": forge, "trace": trace, "signals": signals, "escape": escape, "network": network,
	"leave": leave, "look": look, "artifact": artifact, "machine": machine,
}

func main() {
	if os.Getpid() == 1 && len(os.Args) == 1 {
		agent()
	}
	if len(os.Args) < 2 || attacks[os.Args[1]] == nil {
		fmt.Println("which attack?")
		os.Exit(2)
	}
	attacks[os.Args[1]](os.Args[2:])
}

// broke reports that a protection failed.
func broke(format string, args ...any) { fmt.Printf("BROKE "+format+"\n", args...) }

// held reports that a protection held.
func held(format string, args ...any) { fmt.Printf("held "+format+"\n", args...) }

// try reports an attempt that must fail.
func try(what string, err error) {
	if err == nil {
		broke("%s", what)
		return
	}
	held("%s: %v", what, err)
}

// output leaves a file where the outputs are.
func output(name string, data string) {
	if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
		fmt.Println("output:", err)
		os.Exit(3)
	}
}
