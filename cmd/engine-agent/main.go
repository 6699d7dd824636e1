// Command engine-agent builds game projects inside a sandbox. It speaks the sandbox protocol over stdin and stdout and
// is started by Spark, as a child process or as process 1 of an engine's container.
package main

import (
	"os"

	"github.com/spark-games/spark/internal/builds/sandbox/agent"
)

func main() { os.Exit(agent.Main()) }
