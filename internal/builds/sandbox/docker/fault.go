package docker

import (
	"errors"
	"net"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/client"
)

// IsAway reports whether an error means that no daemon answered, which may end at any time and says nothing about what was asked for.
func IsAway(err error) bool {
	_, network := errors.AsType[*net.OpError](err)
	return network || client.IsErrConnectionFailed(err) || errors.Is(err, ErrAway)
}

// ErrAway is the error of what ended because the daemon went away meanwhile.
var ErrAway = errors.New("the Docker daemon went away")

// ImageError is a failure that further attempts with the same image would repeat.
type ImageError struct{ err error }

func (e *ImageError) Error() string { return e.err.Error() }

func (e *ImageError) Unwrap() error { return e.err }

// RuntimeError means that the daemon does not have the requested container runtime.
type RuntimeError struct {
	Runtime string
	err     error
}

func (e *RuntimeError) Error() string { return e.err.Error() }

func (e *RuntimeError) Unwrap() error { return e.err }

// isRuntimeFault reports whether a daemon refuses a container for its runtime. It has no other sign of it than the text.
func isRuntimeFault(err error) bool {
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "unknown or invalid runtime") || strings.Contains(text, "unknown runtime specified")
}

// isImageFault reports whether an image is missing, or has an entry point that cannot be executed. The daemon reports the
// latter as a bad request or a server's error, depending on its age, with the text of the container runtime.
func isImageFault(what string, err error) bool {
	if what == "create" {
		return cerrdefs.IsNotFound(err)
	}
	if what != "start" || !strings.Contains(err.Error(), "exec") {
		return false
	}
	for _, text := range []string{"no such file or directory", "permission denied", "exec format error", "executable file not found"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}
