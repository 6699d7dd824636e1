package confine

import (
	"fmt"
	"strings"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"

	"github.com/spark-games/spark/engines"
)

// What Landlock covers, by its version. An older kernel is still useful: what is missing is reported.
const (
	knowsRefer      = 2 // the right to move files between folders, which none has without it; Linux 5.19
	holdsTruncation = 3 // of files that may only be read; Linux 6.2
	holdsSignals    = 6 // to processes outside; Linux 6.12
)

// writing is what is allowed in a writable folder: everything but devices, which root could make and open.
const writing landlock.AccessFSSet = ll.AccessFSExecute | ll.AccessFSReadFile | ll.AccessFSReadDir | ll.AccessFSWriteFile |
	ll.AccessFSTruncate | ll.AccessFSMakeReg | ll.AccessFSMakeDir | ll.AccessFSMakeSym | ll.AccessFSMakeFifo | ll.AccessFSMakeSock |
	ll.AccessFSRemoveFile | ll.AccessFSRemoveDir

// Begin gives up everything but the places, and the network first. It returns the isolation reached.
func Begin(p Places) engines.Isolation {
	version := landlockVersion()
	if version < 1 {
		return engines.Isolation{Level: engines.Open, Reason: "this kernel has no Landlock, or it is not switched on (Linux 5.13 and newer, lsm=landlock)"}
	}
	if err := landlock.V7.BestEffort().Restrict(rules(p, version)...); err != nil {
		return engines.Isolation{Level: engines.Open, Reason: "Landlock: " + err.Error()}
	}
	if err := denyCalls(); err != nil {
		return engines.Isolation{Level: engines.Open, Reason: "seccomp: " + err.Error()}
	}
	return engines.Isolation{Level: engines.Confined, Reason: missing(version)}
}

// Narrow gives up more: everything that is not among these places. Call it after Begin.
func Narrow(p Places) error {
	if err := landlock.V7.BestEffort().RestrictPaths(rules(p, landlockVersion())...); err != nil {
		return fmt.Errorf("narrow the confinement: %w", err)
	}
	return nil
}

// rules are Landlock's for the places. The null device is for everyone.
func rules(p Places, version int) []landlock.Rule {
	list := []landlock.Rule{landlock.RWFiles("/dev/null").IgnoreIfMissing()}
	for _, path := range p.Read {
		var st unix.Stat_t
		if unix.Stat(path, &st) != nil {
			continue
		}
		if st.Mode&unix.S_IFMT == unix.S_IFDIR {
			list = append(list, landlock.RODirs(path).IgnoreIfMissing())
		} else {
			list = append(list, landlock.ROFiles(path).IgnoreIfMissing())
		}
	}
	for _, path := range p.Write {
		rule := landlock.PathAccess(writing, path)
		if version >= knowsRefer {
			rule = rule.WithRefer()
		}
		list = append(list, rule)
	}
	return list
}

// landlockVersion is that of the kernel's Landlock; less than 1 for none.
func landlockVersion() int {
	const versionFlag = 1
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, versionFlag)
	if errno != 0 {
		return -1
	}
	return int(v)
}

// missing says what a version of Landlock does not cover; "" for nothing.
func missing(version int) string {
	var not []string
	if version < holdsTruncation {
		not = append(not, "the truncation of files (since Linux 6.2)")
	}
	if version < holdsSignals {
		not = append(not, "signals (since Linux 6.12)")
	}
	if len(not) == 0 {
		return ""
	}
	return "this kernel's Landlock does not cover " + strings.Join(not, " and ")
}
