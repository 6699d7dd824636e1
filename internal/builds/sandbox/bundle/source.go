package bundle

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// source is what esbuild gets of a project file. Source maps that a script or a style sheet names are made unreadable: esbuild
// would open them, and the sources that they name, anywhere on the machine. The bundle's own map refers to the project's
// original files. The text keeps its length, and so all positions in it.
func source(text string, l api.Loader) api.OnLoadResult {
	switch l {
	case api.LoaderFile, api.LoaderText, api.LoaderDataURL, api.LoaderJSON: // they name none
	default:
		if strings.Contains(text, "sourceMappingURL=") { // which takes no time to know, and the replacer some
			text = mapComments.Replace(text)
		}
	}
	return api.OnLoadResult{Contents: &text, Loader: l}
}

// mapComments takes the equals sign out of what esbuild knows a source map's address by, in scripts and style sheets alike.
// In a string it does no harm: such a string is an address for a debugger.
var mapComments = strings.NewReplacer("# sourceMappingURL=", "# sourceMappingURL ", "@ sourceMappingURL=", "@ sourceMappingURL ")

// loadData loads an import from a data URL, which esbuild would do by itself and with every source map that it names.
func loadData(a api.OnLoadArgs) (api.OnLoadResult, error) {
	kind, text, err := decodeDataURL(a.Path)
	if err != nil {
		return api.OnLoadResult{Errors: refuse("%s", err)}, nil
	}
	switch kind {
	case "text/javascript":
		return source(text, api.LoaderJS), nil
	case "text/css":
		return source(text, api.LoaderCSS), nil
	case "application/json":
		return source(text, api.LoaderJSON), nil
	}
	return api.OnLoadResult{Errors: refuse("a data URL of type %q cannot be imported", kind)}, nil
}

// decodeDataURL takes a data URL apart: its media type without parameters, and what it says.
func decodeDataURL(s string) (kind, text string, err error) {
	head, data, ok := strings.Cut(strings.TrimPrefix(s, "data:"), ",")
	if !ok {
		return "", "", errors.New("the data URL has no comma")
	}
	head, is64 := strings.CutSuffix(head, ";base64")
	kind, _, _ = strings.Cut(head, ";")
	if !is64 {
		if text, err = url.PathUnescape(data); err != nil {
			return "", "", errors.New("the data URL is escaped wrongly")
		}
		return kind, text, nil
	}
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return "", "", errors.New("the data URL is not base64")
	}
	return kind, string(raw), nil
}
