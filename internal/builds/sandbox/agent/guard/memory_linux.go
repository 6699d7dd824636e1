package guard

import (
	"os"
	"strconv"
	"strings"
)

// memoryKills is how many processes of this container the system has killed for lack of memory, according to its control group;
// 0 if unknown.
func memoryKills() int {
	for _, name := range []string{"/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"} {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		return oomKills(string(data))
	}
	return 0
}

// oomKills reads the count in a control group's file: memory.events of version 2, memory.oom_control of version 1.
func oomKills(text string) int {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.Atoi(value); key == "oom_kill" && err == nil {
			return n
		}
	}
	return 0
}
