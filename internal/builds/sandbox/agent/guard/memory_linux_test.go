package guard

import "testing"

func TestOOMKillsOfBothVersions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"version 2":           {"low 0\nhigh 0\nmax 812\noom 4\noom_kill 3\noom_group_kill 1\n", 3},
		"version 2, none":     {"low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n", 0},
		"version 1":           {"oom_kill_disable 0\nunder_oom 0\noom_kill 7\n", 7},
		"version 1, old":      {"oom_kill_disable 0\nunder_oom 1\n", 0},
		"nothing":             {"", 0},
		"not a number":        {"oom_kill many\n", 0},
		"without a last line": {"oom 2\noom_kill 2", 2},
	} {
		if got := oomKills(c.text); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
