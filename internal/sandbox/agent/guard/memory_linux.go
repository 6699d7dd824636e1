package guard

import (
	"os"
	"strconv"
	"strings"
)

// memoryKills is how many processes of this container the system has killed for want of memory, as its control group
// says; 0 when that cannot be seen.
func memoryKills() int {
	for _, name := range []string{"/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"} {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			if n, err := strconv.Atoi(value); key == "oom_kill" && err == nil {
				return n
			}
		}
	}
	return 0
}
