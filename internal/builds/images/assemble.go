package images

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/spark-games/spark/engines"
)

// Where things are in an image.
const (
	agentPath     = "engine-agent"
	toolchainPath = "toolchain"
)

// mountPoints are folders on which a container's temporary file systems are mounted: the root is read-only. Some runtimes give
// the file system the mode of the folder, whatever mode they are asked for.
var mountPoints = []struct {
	name string
	mode int64
}{{"dev", 0o755}, {"etc", 0o755}, {"proc", 0o755}, {"sys", 0o755}, {"tmp", 0o1777}, {"work", 0o1777}}

// assemble makes an image from layers and loads it into the daemon.
func (m *Maker) assemble(ctx context.Context, e engines.Engine, platform string, agent *agentFile, labels map[string]string, name string) (err error) {
	image := e.Image()
	leave := leaver(image.Leave)
	if err := leave.check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "spark-image-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var layers []layer
	add := func(write func(w *layerWriter)) error {
		w := newLayer(dir)
		write(w)
		l, err := w.done()
		layers = append(layers, l)
		return err
	}
	defer func() {
		for _, l := range layers {
			if l.file != nil {
				err = errors.Join(err, l.file.Close())
			}
		}
	}()
	if image.Base == engines.Debian {
		if err := add(func(w *layerWriter) { w.err = errors.Join(w.err, debian(ctx, image, platform, w, leave)) }); err != nil {
			return err
		}
	}
	toolchain, err := m.opts.Toolchains.Ensure(ctx, e)
	if err != nil {
		return err
	}
	if toolchain != "" {
		if err := add(func(w *layerWriter) { w.tree(toolchain, toolchainPath, leave) }); err != nil {
			return err
		}
	}
	if err := add(func(w *layerWriter) {
		for _, m := range mountPoints {
			w.mountPoint(m.name, m.mode)
		}
		w.bytes(agentPath, 0o755, agent.data)
	}); err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(writeArchive(w, layers, platform, labels, name)) }()
	defer r.Close()
	return m.daemon.load(ctx, r)
}

// writeArchive writes the format of "docker load": the layers, a configuration, and a manifest that connects them.
func writeArchive(out io.Writer, layers []layer, platform string, labels map[string]string, name string) error {
	config, err := json.Marshal(imageConfig(layers, platform, labels))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(config)
	configName := hex.EncodeToString(sum[:]) + ".json"
	entry := struct {
		Config   string
		RepoTags []string
		Layers   []string
	}{Config: configName, RepoTags: []string{name}}
	for _, l := range layers {
		entry.Layers = append(entry.Layers, l.digest+"/layer.tar")
	}
	manifest, err := json.Marshal([]any{entry})
	if err != nil {
		return err
	}
	w := tar.NewWriter(out)
	put := func(name string, size int64, content io.Reader) error {
		err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: size, ModTime: epoch})
		if err == nil {
			_, err = io.CopyN(w, content, size)
		}
		return err
	}
	if err := put(configName, int64(len(config)), strings.NewReader(string(config))); err != nil {
		return err
	}
	for i, l := range layers {
		if _, err := l.file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := put(entry.Layers[i], l.size, l.file); err != nil {
			return err
		}
	}
	if err := put("manifest.json", int64(len(manifest)), strings.NewReader(string(manifest))); err != nil {
		return err
	}
	return w.Close()
}

// imageConfig is an image's configuration, as in the image specification. It has no times: equal layers and labels give one
// digest everywhere.
func imageConfig(layers []layer, platform string, labels map[string]string) any {
	goos, arch, _ := strings.Cut(platform, "/")
	type history struct {
		Created   string `json:"created"`
		CreatedBy string `json:"created_by"`
	}
	type rootfs struct {
		Type    string   `json:"type"`
		DiffIDs []string `json:"diff_ids"`
	}
	created := epoch.Format("2006-01-02T15:04:05Z")
	fs, past := rootfs{Type: "layers"}, []history{}
	for _, l := range layers {
		fs.DiffIDs = append(fs.DiffIDs, "sha256:"+l.digest)
		past = append(past, history{created, "spark images"})
	}
	return struct {
		Created      string    `json:"created"`
		Architecture string    `json:"architecture"`
		OS           string    `json:"os"`
		Config       any       `json:"config"`
		RootFS       rootfs    `json:"rootfs"`
		History      []history `json:"history"`
	}{created, arch, goos, map[string]any{
		"Entrypoint": []string{"/" + agentPath}, "Labels": labels, "WorkingDir": "/", "Env": []string{"PATH=/usr/bin:/bin"},
	}, fs, past}
}
