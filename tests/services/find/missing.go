package find

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// Missing is a tool that was not found. As an error, its text says how to get the tool on this machine.
type Missing struct {
	Name   string
	Debian string // the packages on Debian, separated by spaces
	Mac    string // the command on macOS
}

var (
	missingPostgres = Missing{"PostgreSQL's server (postgres and initdb)", "postgresql", "brew install postgresql@17"}
	missingRedis    = Missing{"redis-server", "redis-server", "brew install redis"}
	// Without a font, the games' texts would be empty boxes.
	missingChromium = Missing{"Chromium or Chrome", "chromium fonts-liberation", "brew install --cask google-chrome"}
	missingNode     = Missing{"Node.js (node), 18 or newer", "nodejs", "brew install node"}
	missingNPM      = Missing{"npm", "npm", "brew install node"}
	// The examples of the API's reference read JSON with it.
	missingJQ = Missing{"jq", "jq", "brew install jq"}
	// To kill a Postgres with all its backends.
	missingProcesses = Missing{"pgrep and ps", "procps", "part of macOS"}
	missingDocker    = Missing{"Docker's daemon (dockerd)", "docker.io", "brew install --cask docker, and start Docker"}
	// To make Godot's image. Where Docker cannot run, it is not made.
	missingDebootstrap = Missing{"mmdebstrap", "mmdebstrap", "not available: the tests of Godot's image are skipped"}
	// To build Godot games outside of containers.
	missingGodot    = Missing{"Godot 3's server and runner", "godot3-server godot3-runner", "not available: the tests of Godot are skipped"}
	missingCompiler = Missing{"a C compiler, which Go's race detector needs", "gcc libc6-dev", "xcode-select --install"}
)

// Error names the missing tool and the command that installs it.
func (m Missing) Error() string {
	return fmt.Sprintf("%s is missing: %s", m.Name, m.advice(runtime.GOOS, debian()))
}

func (m Missing) advice(goos string, debian bool) string {
	switch {
	case goos == "darwin":
		return m.Mac
	case debian:
		return "apt-get install " + m.Debian + " (as root the tests do it themselves)"
	default:
		return "install it with your system's package manager and put it on the PATH"
	}
}

// debian reports whether apt-get with Debian's package names is available.
func debian() bool {
	data, err := os.ReadFile("/etc/os-release")
	return err == nil && likeDebian(string(data))
}

func likeDebian(osRelease string) bool {
	for line := range strings.Lines(osRelease) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		value = strings.Trim(value, `"'`)
		if (key == "ID" || key == "ID_LIKE") && slices.Contains(strings.Fields(value), "debian") {
			return true
		}
	}
	return false
}
