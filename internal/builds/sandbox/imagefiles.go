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

// imageFiles are files of images that are delivered with games unchanged, such as an engine's player. They are 40 MB of every
// Godot game, so they are read from a container once and not for every build: from one that no project has been in, because such
// a container can only return what the image has.
type imageFiles struct {
	mu    sync.Mutex
	known map[imageFile]*imageContent
	bytes int64
}

type imageFile struct{ image, path string }

type imageContent struct {
	ready chan struct{}        // closed when the rest is set
	spool *engines.Spool       // has the one file, nil for none; it goes when neither the runner nor a result has it any more
	entry models.ManifestEntry // of that file
}

// mostImageBytes is how many bytes of such files are kept in temporary files, which have no names and use no memory.
const mostImageBytes = 256 << 20

// imageFileName is what such a file is called in its spool.
const imageFileName = "file"

// imageAccount owns the containers from which image files are read: no real account, so such a container is never a used one.
const imageAccount = "(image)"

// withoutImageFiles is a job without the files that its plan copies from the image, and these files. What cannot be read this
// way stays in the plan. The files are shared by such jobs and must not be changed.
func (r *DockerRunner) withoutImageFiles(ctx context.Context, key pool.Key, spec protocol.Spec) (protocol.Spec, imageOutputs) {
	if spec.Plan.Command == nil {
		return spec, nil
	}
	command, limits := *spec.Plan.Command, spec.Plan.Limits
	command.Copies = nil
	files := make(imageOutputs)
	for _, c := range spec.Plan.Command.Copies {
		file := r.imageFile(ctx, key, spec, c.From)
		if file == nil {
			command.Copies = append(command.Copies, c)
			continue
		}
		if size := file.entry.Size; size < limits.OutputBytes && limits.OutputFiles > 1 && files[c.To] == nil {
			files[c.To] = file
			limits.OutputFiles, limits.OutputBytes = limits.OutputFiles-1, limits.OutputBytes-size
		} else {
			command.Copies = append(command.Copies, c)
		}
	}
	rest := spec
	rest.Plan.Command, rest.Plan.Limits = &command, limits
	return rest, files
}

// imageFile is the content of a file of an image, or nil.
func (r *DockerRunner) imageFile(ctx context.Context, key pool.Key, spec protocol.Spec, path string) *imageContent {
	if !strings.HasPrefix(path, "/") {
		return nil // the project's, or the toolchain's
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
			return c.orNil()
		case <-ctx.Done():
			return nil
		}
	}
	spool, entry, err := r.fetch(ctx, key, spec, path)
	f.mu.Lock()
	defer f.mu.Unlock()
	defer close(c.ready)
	switch {
	case err == nil:
		c.spool, c.entry = spool, entry
		f.bytes += entry.Size
	case ctx.Err() != nil && f.known[name] == c:
		delete(f.known, name) // the next job's turn
	case ctx.Err() == nil:
		r.log.Warn("a file of an image cannot be read in advance, and is copied in every build", zap.String("image", key.Image),
			zap.String("path", path), zap.Error(err))
	}
	return c.orNil()
}

func (c *imageContent) orNil() *imageContent {
	if c.spool == nil {
		return nil
	}
	return c
}

// fetch reads a file of an image through a container that no project has been in, and ends the container.
func (r *DockerRunner) fetch(ctx context.Context, key pool.Key, spec protocol.Spec, path string) (_ *engines.Spool, _ models.ManifestEntry, err error) {
	lease, err := r.acquire(ctx, key, imageAccount)
	if err != nil {
		return nil, models.ManifestEntry{}, err
	}
	spool := engines.NewSpool("")
	defer func() {
		if err != nil {
			err = errors.Join(err, spool.Close())
		}
	}()
	spec.Plan.Command = &engines.Command{Output: "out", Copies: []engines.Copy{{From: path, To: imageFileName}}}
	spec.Last = true
	ctx, stop := context.WithTimeoutCause(ctx, spec.Plan.Limits.Time, errDeadline)
	defer stop()
	job := "image-file"
	lease.Sandbox().(*container).job.Store(&job)
	a, _, err := r.converse(ctx, lease, spec, engines.RunRequest{Sink: spool}, newLogTail(1<<10, nil), nil)
	if err != nil {
		return nil, models.ManifestEntry{}, err
	}
	if len(a.files) != 1 || a.files[0].Path != imageFileName {
		return nil, models.ManifestEntry{}, errors.New("the container delivered something else")
	}
	return spool, a.files[0], nil
}

// imageOutputs are the files of a game that are its image's, by their paths in the game.
type imageOutputs map[string]*imageContent

// joined are all files of a game.
func joined(made outputs, ofImage imageOutputs) (engines.Outputs, error) {
	if len(ofImage) == 0 {
		return made, nil
	}
	all := joinedOutputs{outputs: outputs{slices.Clone(made.files), made.sink}, ofImage: ofImage}
	for path, c := range ofImage {
		e := c.entry
		e.Path, e.MediaType = path, models.MediaType(path)
		all.files = append(all.files, e)
	}
	all.files.Sort()
	var names protocol.Names
	for _, f := range all.files {
		if err := names.Add(f.Path); err != nil {
			return nil, broken(err, "")
		}
	}
	return all, nil
}

type joinedOutputs struct {
	outputs
	ofImage imageOutputs
}

func (o joinedOutputs) Open(path string) (engines.Content, error) {
	if c := o.ofImage[path]; c != nil {
		return c.spool.Open(imageFileName)
	}
	return o.outputs.Open(path)
}
