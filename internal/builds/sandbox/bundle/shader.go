package bundle

import (
	"path"
	"regexp"
	"strings"
)

// include is how shaders that are imported name others, as the usual plug-ins have it. What has no path is the engine's own.
var include = regexp.MustCompile(`(?m)^[ \t]*#include\s+["<]?((?:\.\.?/|/)[^\s;">]+)[">]?[ \t]*;?`)

const (
	maxIncludes  = 16      // how deep shaders include one another
	maxShaderLen = 1 << 20 // bytes of a shader with all that it includes
)

// withIncludes is a shader with the files of the project that it includes.
func (p *project) withIncludes(name, text string, depth int) string {
	if depth == maxIncludes || !strings.Contains(text, "#include") {
		return text
	}
	size := len(text)
	return include.ReplaceAllStringFunc(text, func(line string) string {
		file := p.patternIn(path.Dir(name), include.FindStringSubmatch(line)[1])
		data, ok := p.files[file]
		if !ok || size > maxShaderLen {
			return line
		}
		part := p.withIncludes(file, string(data), depth+1)
		size += len(part)
		return part
	})
}
