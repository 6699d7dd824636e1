package guard

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// still makes sure that nothing that a job started is running any more. After an error, the container cannot take another job.
func (g *guard) still(j *job) error {
	g.family.reap()
	// A worker that has run nothing is alone. One that has run programs kills what its steps left; then it is alone too, and its
	// own end can wait until the host has been told of the end of the job.
	if err := alone(); err == nil || !j.runs {
		return err
	}
	if !g.family.killAll() {
		return errSurvivors
	}
	return nil
}

// sound reports whether changes of a job can be detected and removed: in a writable root they cannot.
func sound() error {
	var root unix.Statfs_t
	if err := unix.Statfs("/", &root); err != nil {
		return err
	}
	if root.Flags&unix.ST_RDONLY == 0 {
		return errors.New("the container's root can be written to, so nobody knows what a job has changed")
	}
	return nil
}

// reset restores the container to its state before the job, with a worker that waits for the next one. Anything uncertain is an
// error.
func (g *guard) reset(j *job) error {
	if !j.runs {
		return nil
	}
	if !g.family.killAll() { // the worker too
		return errSurvivors
	}
	if err := g.clean(j.w.account); err != nil {
		return err
	}
	_ = j.w.stdin.Close()
	w, err := g.start()
	if err != nil {
		return err
	}
	g.worker = w
	return verify()
}

// alone reports whether nothing runs but the guard and its worker.
func alone() error {
	n, err := others()
	if err == nil && n != 1 {
		err = fmt.Errorf("%d processes instead of the worker", n)
	}
	return err
}

const cleanTimeout = 10 * time.Second

// clean removes the files of a job under its own account, because the guard may not.
func (g *guard) clean(account int) error {
	ours, theirs, err := pipes()
	if err != nil {
		return err
	}
	defer ours[0].Close()
	defer ours[1].Close()
	defer ours[2].Close()
	c, err := g.family.start(g.cleaner, account, theirs)
	if err != nil {
		return fmt.Errorf("start a cleaner: %w", err)
	}
	select {
	case <-c.gone:
	case <-time.After(cleanTimeout):
		return errors.New("the cleaner does not end")
	}
	if c.status.ExitStatus() != 0 {
		said, _ := io.ReadAll(io.LimitReader(ours[2], headBytes))
		return fmt.Errorf("clean: %s", said)
	}
	return nil
}

// writable are the places that a job can write to; the root is read-only. Missing ones are skipped.
var writable = []string{"/work", "/tmp", "/var/tmp", "/run/lock", "/dev/shm", "/dev/mqueue"}

// Clean removes what the calling account has left in the container: files, and System V objects, which outlive their
// processes.
func Clean() error {
	var all error
	for _, dir := range writable {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = errors.Join(all, err)
		}
		for _, e := range entries {
			all = errors.Join(all, remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(all, removeShared())
}

// remove removes a tree, even if its owner has removed the permissions of its folders.
func remove(name string) error {
	err := os.RemoveAll(name)
	if err == nil {
		return nil
	}
	root, openErr := os.OpenRoot(name)
	if openErr != nil {
		if openErr = os.Chmod(name, 0o700); openErr != nil {
			return errors.Join(err, openErr)
		}
		if root, openErr = os.OpenRoot(name); openErr != nil {
			return errors.Join(err, openErr)
		}
	}
	defer root.Close()
	_ = root.Chmod(".", 0o700)
	_ = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = root.Chmod(path, 0o700) // before it is read: a folder is visited first
		}
		return nil
	})
	return os.RemoveAll(name)
}

// shared are the kinds of System V objects: where the system lists them, and how to remove one.
var shared = []struct {
	list string
	call uintptr
	arg  int // which argument of the call is the command
}{{"/proc/sysvipc/shm", unix.SYS_SHMCTL, 1}, {"/proc/sysvipc/sem", unix.SYS_SEMCTL, 2}, {"/proc/sysvipc/msg", unix.SYS_MSGCTL, 1}}

func removeShared() error {
	var all error
	for _, kind := range shared {
		ids, err := sharedIDs(kind.list)
		all = errors.Join(all, err)
		for _, id := range ids {
			args := [4]uintptr{uintptr(id)}
			args[kind.arg] = unix.IPC_RMID
			if _, _, errno := unix.Syscall6(kind.call, args[0], args[1], args[2], args[3], 0, 0); errno != 0 {
				all = errors.Join(all, fmt.Errorf("remove object %d of %s: %w", id, kind.list, errno))
			}
		}
	}
	return all
}

// sharedIDs reads the ids in the second column of a list, below its heading.
func sharedIDs(list string) ([]int, error) {
	data, err := os.ReadFile(list)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a kernel without them
	}
	var ids []int
	first := true
	for line := range strings.Lines(string(data)) {
		var key, id int
		if _, err := fmt.Sscan(line, &key, &id); err == nil && !first {
			ids = append(ids, id)
		}
		first = false
	}
	return ids, err
}

// verify checks that nothing is left of a job.
func verify() error {
	for _, dir := range writable {
		entries, err := os.ReadDir(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case len(entries) > 0:
			return fmt.Errorf("%s still has %q", dir, entries[0].Name())
		}
	}
	for _, kind := range shared {
		ids, err := sharedIDs(kind.list)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			return fmt.Errorf("%s still has %d objects", kind.list, len(ids))
		}
	}
	return alone()
}
