// Command buildagent builds the agent of images into a file, for this machine's architecture. "make build" runs it in the
// module's root, so that programs outside the sources find the images that were made from them.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"

	"github.com/spark-games/spark/internal/builds/images"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "buildagent:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: buildagent FOLDER")
	}
	data, err := images.BuildAgent(ctx, ".", "linux/"+runtime.GOARCH)
	if err != nil {
		return err
	}
	name := filepath.Join(args[0], images.AgentName)
	if err := os.Remove(name); err != nil && !os.IsNotExist(err) { //nolint:gosec // it may be running; the folder is the Makefile's
		return err
	}
	return os.WriteFile(name, data, 0o755) //nolint:gosec // a program is for everybody to run
}
