//go:build !unix

package agent

import (
	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// collect needs to open files without following links, which is done for Unix only.
func collect(string, engines.Limits, *sender) protocol.End {
	return protocol.End{Outcome: protocol.Failed, Message: "commands are not run on this system"}
}
