package confine

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// call is what a filter sees of a system call.
type call struct {
	arch, number, first uint32
	second              uint32
}

// decide runs the filter as the kernel would. The machine that tries filters reads numbers the other way round.
func decide(t *testing.T, c call) uint32 {
	t.Helper()
	raw, err := filter()
	if err != nil {
		t.Fatal(err)
	}
	program, whole := bpf.Disassemble(raw)
	if !whole {
		t.Fatal("the filter has instructions that nobody knows")
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 64)
	binary.BigEndian.PutUint32(data[offNumber:], c.number)
	binary.BigEndian.PutUint32(data[offArch:], c.arch)
	binary.BigEndian.PutUint32(data[offFirstLow:], c.first)
	binary.BigEndian.PutUint32(data[offSecondLow:], c.second)
	verdict, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(verdict)
}

func TestFilter(t *testing.T) {
	t.Parallel()
	here := processor.arch
	eperm, enosys := uint32(returnErrno)|uint32(unix.EPERM), uint32(returnErrno)|uint32(unix.ENOSYS)
	nothing, unsupported, enotty := uint32(returnErrno), uint32(returnErrno)|uint32(unix.EOPNOTSUPP), uint32(returnErrno)|uint32(unix.ENOTTY)
	for name, c := range map[string]struct {
		call call
		want uint32
	}{
		"read":                    {call{here, unix.SYS_READ, 0, 0}, returnAllow},
		"execve":                  {call{here, unix.SYS_EXECVE, 0, 0}, returnAllow},
		"kill":                    {call{here, unix.SYS_KILL, 1, 0}, returnAllow}, // Landlock's business
		"landlock":                {call{here, unix.SYS_LANDLOCK_RESTRICT_SELF, 0, 0}, returnAllow},
		"socket":                  {call{here, unix.SYS_SOCKET, unix.AF_INET, 0}, eperm},
		"socket in a folder":      {call{here, unix.SYS_SOCKET, unix.AF_UNIX, 0}, eperm},
		"a pair of sockets":       {call{here, unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_STREAM | unix.SOCK_CLOEXEC}, returnAllow},
		"a pair that reaches out": {call{here, unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_DGRAM | unix.SOCK_CLOEXEC}, eperm},
		"a raw pair":              {call{here, unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_RAW}, eperm},
		"connect":                 {call{here, unix.SYS_CONNECT, 3, 0}, eperm},
		"mode by path":            {call{here, unix.SYS_FCHMODAT, 0, 0}, nothing},
		"mode":                    {call{here, unix.SYS_FCHMOD, 3, 0o4755}, nothing},
		"owner":                   {call{here, unix.SYS_FCHOWNAT, 0, 0}, nothing},
		"times":                   {call{here, unix.SYS_UTIMENSAT, 0, 0}, nothing},
		"attributes":              {call{here, unix.SYS_SETXATTR, 0, 0}, unsupported},
		"attributes, read":        {call{here, unix.SYS_GETXATTR, 0, 0}, unsupported},
		"another's memory":        {call{here, unix.SYS_SHMAT, 1, 0}, eperm},
		"another's queue":         {call{here, unix.SYS_MQ_UNLINK, 1, 0}, eperm},
		"watch":                   {call{here, unix.SYS_INOTIFY_ADD_WATCH, 3, 0}, eperm},
		"lock of a file":          {call{here, unix.SYS_FCNTL, 3, unix.F_SETLKW}, returnAllow},
		"lease":                   {call{here, unix.SYS_FCNTL, 3, unix.F_SETLEASE}, eperm},
		"notification":            {call{here, unix.SYS_FCNTL, 3, unix.F_NOTIFY}, eperm},
		"bytes to read":           {call{here, unix.SYS_IOCTL, 3, fionread}, returnAllow},
		"terminal":                {call{here, unix.SYS_IOCTL, 3, unix.TIOCSTI}, enotty},
		"a file's flags":          {call{here, unix.SYS_IOCTL, 3, unix.FS_IOC_SETFLAGS}, enotty},
		"io_uring":                {call{here, unix.SYS_IO_URING_SETUP, 8, 0}, eperm},
		"ptrace":                  {call{here, unix.SYS_PTRACE, 0, 0}, eperm},
		"personality":             {call{here, unix.SYS_PERSONALITY, 0, 0}, eperm},
		"thread":                  {call{here, unix.SYS_CLONE, unix.CLONE_VM | unix.CLONE_THREAD, 0}, returnAllow},
		"namespace":               {call{here, unix.SYS_CLONE, unix.CLONE_NEWUSER, 0}, eperm},
		"namespace among others":  {call{here, unix.SYS_CLONE, unix.CLONE_VM | unix.CLONE_NEWNET, 0}, eperm},
		"clone3":                  {call{here, unix.SYS_CLONE3, 0, 0}, enosys},
		"own limits":              {call{here, unix.SYS_PRLIMIT64, 0, 0}, returnAllow},
		"another's limits":        {call{here, unix.SYS_PRLIMIT64, 42, 0}, eperm},
		"another processor":       {call{unix.AUDIT_ARCH_I386, unix.SYS_READ, 0, 0}, returnKill},
		"a call that is not know": {call{here, 9999, 0, 0}, returnAllow},
	} {
		if got := decide(t, c.call); got != c.want {
			t.Errorf("%s: %#x, want %#x", name, got, c.want)
		}
	}
	if processor.alien != 0 {
		if got := decide(t, call{here, processor.alien | unix.SYS_SOCKET, 0, 0}); got != enosys {
			t.Errorf("another way to call: %#x", got)
		}
	}
}

// A rule is made for each place that there is, and moving between folders is asked for only where that is known.
func TestRules(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := Places{Read: []string{dir, file, filepath.Join(dir, "missing")}, Write: []string{dir}}
	for version, moves := range map[int]bool{1: false, 2: true, 7: true} {
		list := rules(p, version)
		if len(list) != 4 { // the null device is one
			t.Errorf("version %d: %d rules", version, len(list))
		}
		last := list[len(list)-1].(interface{ String() string }).String()
		if strings.Contains(last, "refer") != moves || strings.Contains(last, "make_block") || strings.Contains(last, "make_char") ||
			!strings.Contains(last, "make_reg") {
			t.Errorf("version %d: %s", version, last)
		}
	}
}

// What an older kernel does not cover is reported.
func TestMissing(t *testing.T) {
	t.Parallel()
	for version, want := range map[int]string{1: "truncation", 2: "signals", 3: "signals", 5: "signals", 6: "", 9: ""} {
		if got := missing(version); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("version %d: %q", version, got)
		}
	}
	for _, path := range System().Read {
		if !filepath.IsAbs(path) || path == "/" || path == "/etc" || path == "/proc" || path == "/dev" {
			t.Errorf("the system is said to need %q", path)
		}
	}
}
