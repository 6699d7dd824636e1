package bundle

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines/web"
)

// resolveRemote has an address on a network that serves a package be the installed package.
func (p *project) resolveRemote(b api.PluginBuild, address string, a api.OnResolveArgs) api.OnResolveResult {
	remote, ok := web.RemoteOf(address)
	if ok && p.hasPackage(remote.Package) {
		spec := remote.Package
		if remote.File != "" {
			spec += "/" + remote.File
		}
		res := p.resolvePackageOrShared(b, spec, a)
		if len(res.Errors) == 0 {
			res.Warnings = p.otherVersion(remote)
		}
		return res
	}
	return api.OnResolveResult{Errors: refuse("%s is on the network: import the engine by its package name instead", address)}
}

func (p *project) resolvePackageOrShared(b api.PluginBuild, spec string, a api.OnResolveArgs) api.OnResolveResult {
	if p.shared[spec] {
		a.Path = spec
		return p.sharedModule(a)
	}
	return p.resolvePackage(b, spec, a)
}

// renamed is an import of a package under the name that it used to have, as the installed one has it.
func (p *project) renamed(spec string) (string, bool) {
	pkg := packageOf(spec)
	now := web.Renamed(pkg)
	if now == "" || p.hasPackage(pkg) || !p.hasPackage(now) {
		return "", false
	}
	return now + strings.TrimPrefix(spec, pkg), true
}

// hasPackage reports whether the toolchain has a package.
func (p *project) hasPackage(pkg string) bool {
	if p.packages == "" || pkg == "" || strings.Contains(pkg, "..") {
		return false
	}
	info, err := os.Stat(filepath.Join(p.packages, filepath.FromSlash(pkg)))
	return err == nil && info.IsDir()
}

// installed is the version of a package of the toolchain, "" if that is not known.
func (p *project) installed(pkg string) string {
	raw, err := os.ReadFile(filepath.Join(p.packages, filepath.FromSlash(pkg), "package.json"))
	if err != nil {
		return ""
	}
	var manifest struct {
		Version string `json:"version"`
	}
	if json.Unmarshal(raw, &manifest) != nil {
		return ""
	}
	return manifest.Version
}

// otherVersion tells when the installed version is another than the one that is asked for.
func (p *project) otherVersion(r web.Remote) []api.Message {
	have := p.installed(r.Package)
	asked := strings.TrimLeft(r.Version, "^~v")
	if asked == "" || asked == "latest" || have == "" || have == asked || strings.HasPrefix(have, asked+".") {
		return nil
	}
	return refuse("the page asks for %s %s and gets %s, which is the version that this project is pinned to", r.Package, asked, have)
}

// packageOf is the package that a bare specifier is of.
func packageOf(spec string) string {
	parts := strings.SplitN(spec, "/", 3)
	if strings.HasPrefix(spec, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
