package docker

import (
	"slices"
	"strings"
	"testing"
)

// TestSpecIsLockedDown checks every restriction of a container: what the daemon is not told, it allows.
func TestSpecIsLockedDown(t *testing.T) {
	t.Parallel()
	s := Spec{Name: "n", Image: "sha256:1", Memory: 1 << 30, NanoCPUs: 2e9, Processes: 256, OpenFiles: 2048, FileBytes: 1 << 20,
		Work: Tmpfs{Bytes: 1 << 29, Inodes: 1000, Exec: true}, Tmp: Tmpfs{Bytes: 1 << 24, Inodes: 10}, Runtime: "runsc", UserNS: "host"}
	c, h := s.config()
	for what, ok := range map[string]bool{
		"runtime":            h.Runtime == "runsc",
		"user namespace":     h.UsernsMode == "host",
		"no network":         h.NetworkMode == "none" && c.NetworkDisabled,
		"read-only root":     h.ReadonlyRootfs,
		"memory is swap":     h.Memory == 1<<30 && h.MemorySwap == h.Memory,
		"memory is enforced": h.OomKillDisable == nil || !*h.OomKillDisable,
		"processors":         h.NanoCPUs == 2e9,
		"processes":          h.PidsLimit != nil && *h.PidsLimit == 256,
		"capabilities":       slices.Equal(h.CapDrop, []string{"ALL"}) && slices.Equal(h.CapAdd, []string{"SETUID", "SETGID", "KILL"}),
		"no new privileges":  slices.Equal(h.SecurityOpt, []string{"no-new-privileges"}), // and seccomp is not switched off
		"not privileged":     !h.Privileged,
		"own namespaces":     h.IpcMode == "none" && h.PidMode == "" && h.UTSMode == "" && h.CgroupnsMode != "host",
		"nothing mounted":    len(h.Binds) == 0 && len(h.Mounts) == 0 && len(h.VolumesFrom) == 0 && len(c.Volumes) == 0,
		"no devices":         len(h.Devices) == 0 && len(h.DeviceRequests) == 0,
		"no ports":           len(h.PortBindings) == 0 && !h.PublishAllPorts,
		"no environment":     len(c.Env) == 0,
		"no logs":            h.LogConfig.Type == "none",
		"removes itself":     h.AutoRemove && !h.RestartPolicy.IsAlways(),
		"ends with input":    c.OpenStdin && c.StdinOnce,
		"work":               h.Tmpfs["/work"] == "rw,nosuid,nodev,mode=1777,size=536870912,nr_inodes=1000,exec",
		"tmp":                h.Tmpfs["/tmp"] == "rw,nosuid,nodev,mode=1777,size=16777216,nr_inodes=10,noexec",
	} {
		if !ok {
			t.Errorf("not so: %s", what)
		}
	}
	limits := map[string]int64{}
	for _, u := range h.Ulimits {
		if limits[u.Name] = u.Hard; u.Soft != u.Hard {
			t.Errorf("limit %s can be raised", u.Name)
		}
	}
	if limits["nofile"] != 2048 || limits["fsize"] != 1<<20 || limits["core"] != 0 || len(limits) != 3 {
		t.Errorf("limits %v", limits)
	}
	if _, h := (Spec{}).config(); h.Runtime != "" || h.UsernsMode != "" {
		t.Error("the daemon's defaults are not left alone")
	}
}

func TestRuntimeFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Error response from daemon: Unknown runtime specified runsc":        true,
		"Error response from daemon: unknown or invalid runtime name: runsc": true,
		"Error response from daemon: No such image: runtime:latest":          false,
	} {
		if got := isRuntimeFault(textError(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	err := (&Daemon{}).refused("create", Spec{Image: "i", Runtime: "runsc"}, textError("Unknown runtime specified runsc"))
	if !strings.Contains(err.Error(), "runsc") {
		t.Error(err)
	}
}

type textError string

func (e textError) Error() string { return string(e) }
