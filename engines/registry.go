package engines

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Registry holds the engines of a process. It does not change after it was made, so it is safe for concurrent use.
type Registry struct {
	byName map[string]Engine
	list   []Engine
}

// NewRegistry makes a registry. It panics when two engines share a name, because that is a mistake in the program.
func NewRegistry(list ...Engine) *Registry {
	r := &Registry{byName: make(map[string]Engine, len(list))}
	for _, e := range list {
		name := e.Info().Name
		if _, dup := r.byName[name]; dup || name == "" {
			panic(fmt.Sprintf("engines: bad or duplicate engine name %q", name))
		}
		r.byName[name] = e
		r.list = append(r.list, e)
	}
	slices.SortFunc(r.list, func(a, b Engine) int { return strings.Compare(a.Info().Name, b.Info().Name) })
	return r
}

// Get returns the engine with a name, or a *models.Error with CodeUnknownEngine that lists the known ones.
func (r *Registry) Get(name string) (Engine, error) {
	if e, ok := r.byName[name]; ok {
		return e, nil
	}
	known := make([]string, len(r.list))
	for i, e := range r.list {
		known[i] = e.Info().Name
	}
	if len(name) > 40 {
		name = strings.ToValidUTF8(name[:40], "") + "…"
	}
	return nil, models.NewError(models.CodeUnknownEngine,
		fmt.Sprintf("unknown engine %q; known are: %s", name, strings.Join(known, ", ")))
}

// List returns the engines, sorted by name.
func (r *Registry) List() []Engine { return slices.Clone(r.list) }
