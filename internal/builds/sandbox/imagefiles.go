package sandbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// imageFiles are files of images that games are delivered with as they are, such as an engine's player. They are 40 MB of
// every game made with Godot, so they come out of a container once and not with every build: out of one that no project
// has been in, because what comes from such a container is what the image has.
type imageFiles struct {
	mu    sync.Mutex
	known map[imageFile]*imageContent
	bytes int64
}

type imageFile struct{ image, path string }

type imageContent struct {
	ready chan struct{} // closed when the rest is set
	data  []byte
	ok    bool
}

// mostImageBytes is how much of such files is kept in memory.
const mostImageBytes = 256 << 20

// imageAccount is whose the containers are that image files come out of: nobody's, so never one that has been used.
const imageAccount = "(image)"

// withoutImageFiles is a job without the files that its plan copies from the image, and these. What cannot be had this way
// stays in the plan. Nobody may change the files' content: it is every such job's.
func (r *DockerRunner) withoutImageFiles(ctx context.Context, key pool.Key, spec protocol.Spec) (protocol.Spec, []models.File) {
	if spec.Plan.Command == nil {
		return spec, nil
	}
	command, limits := *spec.Plan.Command, spec.Plan.Limits
	command.Copies = nil
	var files []models.File
	for _, c := range spec.Plan.Command.Copies {
		data, ok := r.imageFile(ctx, key, spec, c.From)
		if size := int64(len(data)); ok && size < limits.OutputBytes && limits.OutputFiles > 1 {
			files = append(files, models.File{Path: c.To, Data: data})
			limits.OutputFiles, limits.OutputBytes = limits.OutputFiles-1, limits.OutputBytes-size
		} else {
			command.Copies = append(command.Copies, c)
		}
	}
	rest := spec
	rest.Plan.Command, rest.Plan.Limits = &command, limits
	return rest, files
}

// imageFile is the content of a file of an image.
func (r *DockerRunner) imageFile(ctx context.Context, key pool.Key, spec protocol.Spec, path string) ([]byte, bool) {
	if !strings.HasPrefix(path, "/") {
		return nil, false // the project's, or the toolchain's
	}
	f := &r.files
	name := imageFile{key.Image, path}
	f.mu.Lock()
	c := f.known[name]
	first := c == nil
	if first {
		if f.known == nil || f.bytes > mostImageBytes {
			f.known, f.bytes = make(map[imageFile]*imageContent), 0
		}
		c = &imageContent{ready: make(chan struct{})}
		f.known[name] = c
	}
	f.mu.Unlock()
	if !first {
		select {
		case <-c.ready:
			return c.data, c.ok
		case <-ctx.Done():
			return nil, false
		}
	}
	data, err := r.fetch(ctx, key, spec, path)
	f.mu.Lock()
	defer f.mu.Unlock()
	defer close(c.ready)
	switch {
	case err == nil:
		c.data, c.ok = data, true
		f.bytes += int64(len(data))
	case ctx.Err() != nil && f.known[name] == c:
		delete(f.known, name) // the next job's turn
	case ctx.Err() == nil:
		r.log.Warn("a file of an image comes with every build: it cannot be had beforehand", zap.String("image", key.Image),
			zap.String("path", path), zap.Error(err))
	}
	return c.data, c.ok
}

// fetch has a container that no project has been in deliver a file of its image, and ends it.
func (r *DockerRunner) fetch(ctx context.Context, key pool.Key, spec protocol.Spec, path string) ([]byte, error) {
	lease, err := r.acquire(ctx, key, imageAccount)
	if err != nil {
		return nil, err
	}
	const name = "file"
	spec.Plan.Command = &engines.Command{Output: "out", Copies: []engines.Copy{{From: path, To: name}}}
	spec.Last = true
	ctx, stop := context.WithTimeoutCause(ctx, spec.Plan.Limits.Time, errDeadline)
	defer stop()
	job := "image-file"
	lease.Box().(*box).job.Store(&job)
	a, _, err := r.converse(ctx, lease, spec, nil, newLogTail(1<<10, nil), nil)
	if err != nil {
		return nil, err
	}
	if len(a.files) != 1 || a.files[0].Path != name {
		return nil, errors.New("the container delivered something else")
	}
	return a.files[0].Data, nil
}

// joined are all files of a game, in the order of their names.
func joined(made, ofImage []models.File) ([]models.File, error) {
	if len(ofImage) == 0 {
		return made, nil
	}
	all := slices.Concat(made, ofImage)
	slices.SortFunc(all, func(x, y models.File) int { return strings.Compare(x.Path, y.Path) })
	var names protocol.Names
	for _, f := range all {
		if err := names.Add(f.Path); err != nil {
			return nil, broken(err, "")
		}
	}
	return all, nil
}
