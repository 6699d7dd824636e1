package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// SharedModules returns the engine modules that previews load through an import map, sorted by specifier. Each is made
// once per toolchain and kept in its folder with its digest.
func (i *Installer) SharedModules(ctx context.Context, e engines.Engine) ([]engines.ModuleBlob, error) {
	tc := e.Toolchain()
	if len(tc.Modules) == 0 {
		return nil, nil
	}
	dir, err := i.Ensure(ctx, e)
	if err != nil {
		return nil, err
	}
	i.mu.Lock()
	blobs := i.modules[dir]
	i.mu.Unlock()
	if blobs != nil {
		return blobs, nil
	}
	v, err := i.once(ctx, "modules "+dir, func(context.Context) (any, error) {
		var list []engines.ModuleBlob
		for _, m := range tc.Modules {
			b, err := module(dir, m)
			if err != nil {
				return nil, models.WrapError(models.CodeEngineUnavailable, "the engine's module cannot be made", err)
			}
			list = append(list, b)
		}
		slices.SortFunc(list, func(a, b engines.ModuleBlob) int { return strings.Compare(a.Specifier, b.Specifier) })
		i.mu.Lock()
		defer i.mu.Unlock()
		i.modules[dir] = list
		return list, nil
	})
	if err != nil {
		return nil, err
	}
	return v.([]engines.ModuleBlob), nil
}

// kept is a finished module's metadata, in a file beside it: the module is valid only if it matches.
type kept struct {
	SHA256  string `json:"sha256"`
	Size    int64  `json:"size"`
	Bundler string `json:"bundler"` // another bundler makes other bytes
}

// bundler names how modules are made. Change it with the options or esbuild's version.
const bundler = "esbuild-0.28.2/1"

// module returns a shared module from the toolchain's folder, making it first if it is missing or incomplete. Two processes that
// make it concurrently write the same bytes.
func module(dir string, m engines.SharedModule) (engines.ModuleBlob, error) {
	folder := filepath.Join(dir, "shared")
	file, note := filepath.Join(folder, m.File), filepath.Join(folder, m.File+".json")
	if data, err := readKept(file, note); err == nil {
		return blob(m, data), nil
	}
	data, err := bundleModule(dir, m)
	if err != nil {
		return engines.ModuleBlob{}, err
	}
	b := blob(m, data)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return engines.ModuleBlob{}, err
	}
	info, err := json.Marshal(kept{SHA256: b.Entry.SHA256, Size: b.Entry.Size, Bundler: bundler})
	if err != nil {
		return engines.ModuleBlob{}, err
	}
	return b, errors.Join(replace(file, data), replace(note, info))
}

func readKept(file, note string) ([]byte, error) {
	raw, err := os.ReadFile(note)
	if err != nil {
		return nil, err
	}
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if k.Bundler != bundler || k.Size != int64(len(data)) || k.SHA256 != digest(data) {
		return nil, errors.New("the stored module does not match its metadata")
	}
	return data, nil
}

func blob(m engines.SharedModule, data []byte) engines.ModuleBlob {
	return engines.ModuleBlob{Specifier: m.Specifier, Data: data, Entry: models.ManifestEntry{
		Path: m.File, SHA256: digest(data), Size: int64(len(data)), MediaType: "text/javascript",
	}}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// bundleModule bundles a package as one minified module with the package's own exports.
func bundleModule(dir string, m engines.SharedModule) ([]byte, error) {
	r := api.Build(api.BuildOptions{
		AbsWorkingDir:     dir,
		EntryPoints:       []string{m.Specifier},
		Outfile:           filepath.Join(dir, "shared", m.File),
		Bundle:            true,
		Format:            api.FormatESModule,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsEndOfFile,
		MinifyIdentifiers: true, MinifySyntax: true, MinifyWhitespace: true,
		Define:      map[string]string{"process.env.NODE_ENV": `"production"`},
		TsconfigRaw: "{}",
		LogLevel:    api.LogLevelSilent,
	})
	if len(r.Errors) > 0 {
		return nil, fmt.Errorf("bundle %q: %s", m.Specifier, r.Errors[0].Text)
	}
	if len(r.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundle %q: %d files instead of one", m.Specifier, len(r.OutputFiles))
	}
	return r.OutputFiles[0].Contents, nil
}

// replace writes a file atomically.
func replace(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+tmpMark+"*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
