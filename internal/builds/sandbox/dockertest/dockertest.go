// Package dockertest gives tests a real Docker daemon and small images, and removes the images.
package dockertest

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"github.com/spark-games/spark/internal/builds/sandbox/docker"
)

const (
	envDocker = "SPARK_TEST_DOCKER_HOST"
	label     = "spark.test"
)

const howToRun = "this test needs a Docker daemon, and none answers at %s: start dockerd (Debian: package docker.io, as root), " +
	"or name one with " + envDocker + ": %w"

// Host is the daemon of this run.
func Host() string {
	for _, name := range []string{envDocker, "DOCKER_HOST"} {
		if h := os.Getenv(name); h != "" {
			return h
		}
	}
	return docker.DefaultHost
}

// Connect connects to the daemon of this run. The error tells a person what to do.
func Connect(ctx context.Context) (*docker.Daemon, error) {
	d, err := docker.Connect(Host())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if _, err := d.Info(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf(howToRun, Host(), err), d.Close())
	}
	return d, nil
}

// File is one file of an image.
type File struct {
	Path string // in the image, without the leading slash
	Data []byte
	Mode int64
}

// Program builds a package of this module as a static program.
func Program(pkg, path string) (File, error) {
	dir, err := os.MkdirTemp("", "spark-program-")
	if err != nil {
		return File{}, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "program")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=-buildvcs=false")
	if said, err := cmd.CombinedOutput(); err != nil {
		return File{}, fmt.Errorf("build %s: %w\n%s", pkg, err, said)
	}
	data, err := os.ReadFile(out)
	return File{Path: path, Data: data, Mode: 0o755}, err
}

// Image makes an image of files, whose entry point is /engine-agent, and returns its digest. Remove it. host is
// Host(), or the address of a daemon that the test started.
func Image(ctx context.Context, host string, files ...File) (digest string, err error) {
	return importImage(ctx, host, []string{`ENTRYPOINT ["/engine-agent"]`, "LABEL " + label + "=true"}, files)
}

func importImage(ctx context.Context, host string, changes []string, files []File) (digest string, err error) {
	cli, err := client.NewClientWithOpts(client.WithHost(host), client.WithAPIVersionNegotiation())
	if err != nil {
		return "", err
	}
	defer cli.Close()
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, f := range files {
		err = errors.Join(err, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: f.Path, Mode: f.Mode, Size: int64(len(f.Data))}))
		_, writeErr := w.Write(f.Data)
		err = errors.Join(err, writeErr)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return "", err
	}
	body, err := cli.ImageImport(ctx, image.ImportSource{Source: &archive, SourceName: "-"}, "", image.ImportOptions{Changes: changes})
	if err != nil {
		return "", fmt.Errorf("import an image: %w", err)
	}
	defer body.Close()
	for d := json.NewDecoder(body); ; {
		var line struct{ Status, Error string }
		if err := d.Decode(&line); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		if line.Error != "" {
			return "", errors.New(line.Error)
		}
		if strings.HasPrefix(line.Status, "sha256:") {
			digest = line.Status
		}
	}
	if digest == "" {
		return "", errors.New("the daemon did not say the image's digest")
	}
	return digest, nil
}

// Remove removes an image that Image made, when nothing uses it any more.
func Remove(ctx context.Context, host, digest string) error {
	cli, err := client.NewClientWithOpts(client.WithHost(host), client.WithAPIVersionNegotiation())
	if err != nil {
		return err
	}
	defer cli.Close()
	_, err = cli.ImageRemove(ctx, digest, image.RemoveOptions{Force: true})
	return err
}

// RemoveWithMade removes an image that Image made, and the images that the platform has made from it for an engine.
func RemoveWithMade(ctx context.Context, host, engine, digest string) (err error) {
	for _, image := range append(madeFrom(ctx, host, engine, digest), digest) {
		err = errors.Join(err, Remove(ctx, host, image))
	}
	return err
}

func madeFrom(ctx context.Context, host, engine, digest string) (list []string) {
	docker := func(args ...string) string {
		out, _ := exec.CommandContext(ctx, "docker", append([]string{"--host", host}, args...)...).Output()
		return strings.TrimSpace(string(out))
	}
	layers := func(image string) string { return docker("inspect", "--format", `{{join .RootFS.Layers " "}}`, image) }
	base := layers(digest)
	for id := range strings.FieldsSeq(docker("images", "--quiet", "--no-trunc", "--filter", "label=spark.engine="+engine)) {
		if base != "" && strings.HasPrefix(layers(id), base) { // an image contains all layers of the one that it is made from
			list = append(list, id)
		}
	}
	return list
}
