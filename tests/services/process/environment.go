package process

import (
	"os"
	"strings"
)

// Environment is the caller's environment without the variables that begin with a prefix, and with settings such as "NAME=value".
func Environment(without string, settings ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, without) {
			env = append(env, v)
		}
	}
	return append(env, settings...)
}
