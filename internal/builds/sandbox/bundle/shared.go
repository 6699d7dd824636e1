package bundle

import (
	"fmt"

	"github.com/evanw/esbuild/pkg/api"
)

// sharedModule resolves an import of a module that previews share. Of a package that is one object, such as Phaser 3, everything in the object
// can be imported by its name, as it can in a release: the object takes the package's place.
func (p *project) sharedModule(a api.OnResolveArgs) api.OnResolveResult {
	for _, m := range p.in.Bundle.Shared {
		if m.Specifier == a.Path && m.Object {
			return api.OnResolveResult{Path: a.Path, Namespace: nsWhole}
		}
	}
	return api.OnResolveResult{Path: a.Path, External: true}
}

// whole is a module that is what the shared module's default export is. An import cannot stand beside module.exports, so it stands in a
// module of its own.
func whole(a api.OnLoadArgs) api.OnLoadResult {
	if a.Suffix == "?import" {
		return source(fmt.Sprintf("export {default} from %q", a.Path), api.LoaderJS)
	}
	return source(fmt.Sprintf("module.exports = require(%q).default", a.Path+"?import"), api.LoaderJS)
}
