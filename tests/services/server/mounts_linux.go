package server

import (
	"os"
	"slices"
	"strings"
	"syscall"
)

const isLinux = true

// UnmountBelow unmounts what a daemon has left mounted below a folder, innermost first, so that the folder can be removed
// without touching what is mounted there.
func UnmountBelow(dir string) {
	data, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return
	}
	var points []string
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 4 && strings.HasPrefix(fields[4], dir+"/") {
			points = append(points, fields[4])
		}
	}
	slices.Reverse(points)
	for _, p := range points {
		_ = syscall.Unmount(p, syscall.MNT_DETACH) // what cannot be unmounted is not removed either
	}
}
