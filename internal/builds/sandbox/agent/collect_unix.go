//go:build unix

package agent

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// collect sends the files of the output folder to the host. What a hostile job can leave there does no harm: folders are
// opened one by one without following a link, only what is a regular file once it is open is read, and never more than
// it had when it was opened.
func collect(dir string, lim engines.Limits, out *sender) protocol.End {
	c := &collector{limits: lim, out: out}
	root, err := unix.Open(dir, folderFlags, 0)
	switch {
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR), errors.Is(err, unix.ELOOP):
		err = c.refuse(protocol.InvalidOutput, "the output folder is gone") // the job's own doing
	case err != nil:
		return failed("the output folder cannot be opened", err)
	default:
		err = c.folder(root, "")
	}
	var end *endError
	switch {
	case errors.As(err, &end):
		return end.End
	case err != nil:
		return failed("the outputs cannot be read", err)
	}
	return protocol.End{Outcome: protocol.Succeeded}
}

const (
	folderFlags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC
	// O_NONBLOCK keeps a FIFO from being waited for before it is known to be one.
	fileFlags = unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_CLOEXEC
)

type collector struct {
	limits engines.Limits
	out    *sender
	files  int
	seen   int
	bytes  int64
	names  protocol.Names
}

// endError carries the end of a job up from the middle of a folder.
type endError struct{ protocol.End }

func (e *endError) Error() string { return e.Message }

func (c *collector) refuse(o protocol.Outcome, format string, args ...any) error {
	e := &endError{protocol.End{Outcome: o, Message: fmt.Sprintf(format, args...)}}
	if o == protocol.InvalidOutput {
		c.out.diagnostics([]engines.Diagnostic{{Severity: "error", Text: e.Message}})
	}
	return e
}

// folder sends what is in an open folder, in the order of names, and closes it.
func (c *collector) folder(fd int, prefix string) error {
	dir := os.NewFile(uintptr(fd), prefix)
	defer dir.Close()
	var names []string
	for {
		batch, err := dir.Readdirnames(256)
		names = append(names, batch...)
		if c.seen += len(batch); c.seen > 4*c.limits.OutputFiles {
			return c.refuse(protocol.OutputTooLarge, "more than %d names in the output", 4*c.limits.OutputFiles)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if err := c.entry(fd, prefix+name, name); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) entry(dir int, path, name string) error {
	if err := models.CheckPath(path); err != nil {
		return c.refuse(protocol.InvalidOutput, "%s", models.AsError(err).Message)
	}
	fd, err := unix.Openat(dir, name, fileFlags, 0)
	switch {
	case errors.Is(err, unix.ELOOP):
		return c.refuse(protocol.InvalidOutput, "%q is a symbolic link", path)
	case errors.Is(err, unix.ENXIO):
		return c.refuse(protocol.InvalidOutput, "%q is a socket", path)
	case errors.Is(err, unix.EACCES):
		return c.refuse(protocol.InvalidOutput, "%q cannot be read", path)
	case err != nil:
		return fmt.Errorf("open %q: %w", path, err)
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		_ = unix.Close(fd)
		return err
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return c.folder(fd, path+"/")
	case unix.S_IFREG:
		return c.file(fd, path, st.Size)
	}
	_ = unix.Close(fd)
	return c.refuse(protocol.InvalidOutput, "%q is neither a file nor a folder", path)
}

func (c *collector) file(fd int, path string, size int64) error {
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	if c.files++; c.files > c.limits.OutputFiles {
		return c.refuse(protocol.OutputTooLarge, "more than %d files", c.limits.OutputFiles)
	}
	if size > c.limits.OutputBytes-c.bytes {
		return c.refuse(protocol.OutputTooLarge, "more than %d bytes", c.limits.OutputBytes)
	}
	if err := c.names.Add(path); err != nil {
		return c.refuse(protocol.InvalidOutput, "%s", err)
	}
	c.bytes += size
	if err := c.out.stream(path, size, f); err != nil {
		return c.refuse(protocol.InvalidOutput, "%q: %s", path, err)
	}
	return nil
}
