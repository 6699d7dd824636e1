package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Processes lists the running processes of the nodes' programs, agents included, where the system can say.
func (c *Cluster) Processes() (alive []string, err error) {
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		exe, err := os.Readlink(link)
		if err != nil || filepath.Dir(exe) != c.programs {
			continue // it has ended meanwhile, or is another's
		}
		dir := filepath.Dir(link)
		env, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil {
			continue
		}
		cmd, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || !strings.Contains(string(env)+string(cmd), c.Dir) {
			continue // of another run that uses the same programs
		}
		alive = append(alive, fmt.Sprintf("%s (%s)", filepath.Base(dir), strings.ReplaceAll(strings.Trim(string(cmd), "\x00"), "\x00", " ")))
	}
	return alive, nil
}
