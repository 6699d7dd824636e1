package images

import (
	"archive/tar"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/docker/docker/api/types/build"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
)

// daemon is the part of Docker that this package uses.
type daemon struct{ cli *client.Client }

func connect(host string) (*daemon, error) {
	if host == "" {
		host = client.DefaultDockerHost
	}
	cli, err := client.NewClientWithOpts(client.WithHost(host), client.WithAPIVersionNegotiation())
	if err != nil {
		return nil, err
	}
	return &daemon{cli}, nil
}

func (d *daemon) close() error { return d.cli.Close() }

// platform is the platform of the daemon's containers, such as "linux/amd64".
func (d *daemon) platform(ctx context.Context) (string, error) {
	v, err := d.cli.ServerVersion(ctx)
	if err != nil {
		return "", fmt.Errorf("ask the Docker daemon: %w", err)
	}
	return v.Os + "/" + v.Arch, nil
}

// find looks for the image of a recipe: first the one that was found before, then any. It returns "" if there is none.
func (d *daemon) find(ctx context.Context, recipe, before string) (digest string, size int64, err error) {
	if before != "" {
		info, err := d.cli.ImageInspect(ctx, before)
		if err == nil {
			return info.ID, info.Size, nil
		}
	}
	list, err := d.cli.ImageList(ctx, image.ListOptions{Filters: filters.NewArgs(filters.Arg("label", LabelRecipe+"="+recipe))})
	if err != nil {
		return "", 0, fmt.Errorf("ask the Docker daemon for images: %w", err)
	}
	if len(list) == 0 {
		return "", 0, nil
	}
	// The newest one has taken over the name. Creation times do not help: images made by Spark have none.
	newest := slices.MaxFunc(list, func(a, b image.Summary) int {
		return cmp.Or(cmp.Compare(names(a), names(b)), cmp.Compare(a.Created, b.Created))
	})
	return newest.ID, newest.Size, nil
}

// names counts the names of an image. Some daemons report the absence of a name as one.
func names(i image.Summary) (n int) {
	for _, tag := range i.RepoTags {
		if tag != "<none>:<none>" {
			n++
		}
	}
	return n
}

// inspect returns the digest of an image by name.
func (d *daemon) inspect(ctx context.Context, ref string) (string, error) {
	info, err := d.cli.ImageInspect(ctx, ref)
	if err != nil {
		return "", fmt.Errorf("image %q: %w", ref, err)
	}
	return info.ID, nil
}

// load loads a finished image into the daemon.
func (d *daemon) load(ctx context.Context, archive io.Reader) error {
	resp, err := d.cli.ImageLoad(ctx, archive, client.ImageLoadWithQuiet(true))
	if err != nil {
		return fmt.Errorf("load the image: %w", err)
	}
	defer resp.Body.Close()
	return messages(resp.Body)
}

// extend adds the agent to an existing image.
func (d *daemon) extend(ctx context.Context, base string, agent []byte, labels map[string]string, name string) error {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	// WORKDIR and USER are set, whatever the base sets: the agent is root until it drops that.
	script := "FROM " + base + "\nCOPY " + agentPath + " /" + agentPath + "\nUSER 0:0\nWORKDIR /\nENTRYPOINT [\"/" + agentPath + "\"]\nCMD []\n"
	for _, f := range []struct {
		name string
		mode int64
		data []byte
	}{{"Dockerfile", 0o644, []byte(script)}, {agentPath, 0o755, agent}} {
		err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: f.mode, Size: int64(len(f.data)), ModTime: epoch})
		if err == nil {
			_, err = w.Write(f.data)
		}
		if err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	resp, err := d.cli.ImageBuild(ctx, &archive, build.ImageBuildOptions{Tags: []string{name}, Labels: labels,
		NetworkMode: "none", Remove: true, ForceRemove: true, SuppressOutput: true})
	if err != nil {
		return fmt.Errorf("build the image: %w", err)
	}
	defer resp.Body.Close()
	return messages(resp.Body)
}

// messages reads the daemon's report to its end and returns the error in it.
func messages(r io.Reader) error {
	for dec := json.NewDecoder(r); ; {
		var m struct {
			Error string `json:"error"`
		}
		switch err := dec.Decode(&m); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the Docker daemon's report: %w", err)
		case m.Error != "":
			return errors.New(m.Error)
		}
	}
}

func drain(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) }

// isAway reports whether an error means that no daemon answered.
func isAway(err error) bool { return client.IsErrConnectionFailed(err) }
