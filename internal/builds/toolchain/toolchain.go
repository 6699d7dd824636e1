// Package toolchain installs the pinned npm packages and Go modules that engines need, and makes the engine modules that previews
// share.
//
// An installed toolchain is a folder <dir>/<engine>-<digest of its inputs>. It is made beside its final path and renamed, so
// that it is either complete or absent, whatever kills the process in between. Concurrent installs of one toolchain by several
// processes take turns at a lock that the operating system frees when its holder dies. A complete toolchain is never modified,
// except that shared modules are added, also by renaming.
package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/models"
)

// Installer installs toolchains under one folder. It is safe for concurrent use, also by several processes.
type Installer struct {
	dir   string
	log   *zap.Logger
	group lifecycle.Shared

	silence time.Duration // after which a registry counts as dead

	stopping context.Context // ends with Close
	stop     context.CancelFunc
	works    sync.WaitGroup

	mu       sync.Mutex
	modules  map[string][]engines.ModuleBlob // by toolchain folder
	golang   hostGo
	watchers map[*func(Progress)]func(Progress)
	silent   map[string]silence // by toolchain folder
}

// New makes an installer. The folder is made when it is needed. A nil logger is silent. Close it.
func New(dir string, log *zap.Logger) *Installer {
	if log == nil {
		log = zap.NewNop()
	}
	i := &Installer{dir: dir, log: log, silence: maxSilence, modules: make(map[string][]engines.ModuleBlob),
		watchers: make(map[*func(Progress)]func(Progress)), silent: make(map[string]silence)}
	i.stopping, i.stop = context.WithCancel(context.Background())
	return i
}

// Close ends installs under way, with the programs that they run, and refuses others.
func (i *Installer) Close() {
	i.mu.Lock()
	i.stop()
	i.mu.Unlock()
	i.works.Wait()
}

// enter counts a piece of work, unless the installer is closed.
func (i *Installer) enter() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.stopping.Err() != nil {
		return models.WrapError(models.CodeEngineUnavailable, "the worker is stopping", i.stopping.Err())
	}
	i.works.Add(1)
	return nil
}

// Dir is the folder of all toolchains, as an absolute path.
func (i *Installer) Dir() string {
	dir, err := filepath.Abs(i.dir)
	if err != nil {
		return i.dir // the working folder is gone, and nothing can be installed
	}
	return dir
}

// Ensure returns the folder of an engine's toolchain, installing it first if needed; "" for an engine without one. The error is
// a *models.Error with CodeEngineUnavailable, or the context's.
func (i *Installer) Ensure(ctx context.Context, e engines.Engine) (string, error) {
	tc := e.Toolchain()
	if tc.Empty() {
		return "", nil
	}
	dir, err := i.path(ctx, e.Info().Name, tc)
	if err != nil {
		return "", err
	}
	if installed(dir, tc) {
		return dir, nil
	}
	if err := i.silentLately(dir); err != nil {
		return "", err
	}
	_, err = i.once(ctx, "install "+dir, func(ctx context.Context) (any, error) {
		err := i.install(ctx, e.Info().Name, dir, tc)
		i.noteSilence(dir, err)
		return nil, err
	})
	return dir, err
}

// Lock takes a named lock among the processes that share the folder, waiting for it until the context ends.
func (i *Installer) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if err := os.MkdirAll(i.dir, 0o755); err != nil {
		return nil, err
	}
	return lock(ctx, filepath.Join(i.dir, name+".lock"))
}

// Installed reports, without installing anything, whether an engine's toolchain is installed.
func (i *Installer) Installed(e engines.Engine) bool {
	tc := e.Toolchain()
	if tc.Empty() {
		return true
	}
	dir, err := i.path(context.Background(), e.Info().Name, tc)
	return err == nil && installed(dir, tc)
}

// Missing returns what this machine lacks to install an engine's toolchain; "" for nothing.
func (i *Installer) Missing(e engines.Engine) string {
	for _, need := range []struct {
		is            bool
		program, what string
	}{
		{len(e.Toolchain().PackageJSON) > 0, "npm", "npm, which installs its packages,"},
		{e.Toolchain().Go != nil, "go", "Go, with which it is built,"},
	} {
		if _, err := exec.LookPath(need.program); need.is && err != nil {
			return need.what + " is not on the PATH"
		}
	}
	return ""
}

func (i *Installer) path(ctx context.Context, name string, tc engines.Toolchain) (string, error) {
	digest, err := i.digest(ctx, tc)
	if err != nil {
		return "", err
	}
	dir, err := filepath.Abs(filepath.Join(i.dir, name+"-"+digest[:16]))
	if err != nil {
		return "", unavailable("the toolchain's folder cannot be used", err)
	}
	return dir, nil
}

// Digest identifies an engine's toolchain by all its inputs, without installing it; "" if there is none.
func (i *Installer) Digest(ctx context.Context, e engines.Engine) (string, error) {
	if tc := e.Toolchain(); !tc.Empty() {
		return i.digest(ctx, tc)
	}
	return "", nil
}

func (i *Installer) digest(ctx context.Context, tc engines.Toolchain) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%s\n%d\n%s", len(tc.PackageJSON), tc.PackageJSON, len(tc.PackageLock), tc.PackageLock)
	if tc.Go != nil {
		g, err := i.findGo(ctx)
		if err != nil {
			return "", err
		}
		h.Write(goDigest(g.Version, tc.Go))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// installed only checks the folder: it has its final name only when it is complete.
func installed(dir string, tc engines.Toolchain) bool {
	for folder, needed := range map[string]bool{"node_modules": len(tc.PackageJSON) > 0, "go": tc.Go != nil} {
		info, err := os.Stat(filepath.Join(dir, folder))
		if needed && (err != nil || !info.IsDir()) {
			return false
		}
	}
	return true
}

// once is lifecycle.Do for work that ends when the installer is closed.
func (i *Installer) once(ctx context.Context, key string, work func(context.Context) (any, error)) (any, error) {
	return lifecycle.Do(ctx, &i.group, key, installTimeout, func(ctx context.Context) (any, error) {
		if err := i.enter(); err != nil {
			return nil, err
		}
		defer i.works.Done()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(i.stopping, cancel)()
		return work(ctx)
	})
}

const installTimeout = 10 * time.Minute

func unavailable(message string, cause error) error {
	if e, ok := errors.AsType[*models.Error](cause); ok {
		return e
	}
	return models.WrapError(models.CodeEngineUnavailable, message, cause)
}

// missingError says that a program is missing without which nothing can be installed. A retry does not help.
type missingError struct{ err *models.Error }

func missing(message string, cause error) error {
	return &missingError{models.WrapError(models.CodeEngineUnavailable, message, cause)}
}

func (e *missingError) Error() string   { return e.err.Error() }
func (e *missingError) Unwrap() error   { return e.err }
func (e *missingError) Permanent() bool { return true }
