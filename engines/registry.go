package engines

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Registry holds the engines of a process, perhaps several versions of each. One version is the default, used by projects that
// pin none. A registry does not change, so it is safe for concurrent use.
type Registry struct {
	names    []string            // sorted
	versions map[string][]Engine // the default first, then from the newest to the oldest
}

// NewRegistry makes a registry of the engines that come with the program. It panics when two of them share name and
// version, because that is a mistake in the program.
func NewRegistry(list ...Engine) *Registry {
	r, err := (&Registry{}).With(list...)
	if err != nil {
		panic(err.Error())
	}
	return r
}

// With returns a registry with more engines. An existing engine keeps its default; the default of a new one is its newest
// version. The error names an engine that already exists.
func (r *Registry) With(list ...Engine) (*Registry, error) {
	next := &Registry{versions: make(map[string][]Engine, len(r.versions)+len(list))}
	for name, versions := range r.versions {
		next.versions[name] = slices.Clone(versions)
	}
	for _, e := range list {
		info := e.Info()
		if info.Name == "" {
			return nil, fmt.Errorf("an engine has no name")
		}
		if find(next.versions[info.Name], info.Version) != nil {
			return nil, fmt.Errorf("there are two engines %s", Ref(e))
		}
		next.versions[info.Name] = append(next.versions[info.Name], e)
	}
	for name, versions := range next.versions {
		fixed := min(len(r.versions[name]), 1)
		slices.SortFunc(versions[fixed:], func(a, b Engine) int { return CompareVersions(b.Info().Version, a.Info().Version) })
		next.names = append(next.names, name)
	}
	slices.Sort(next.names)
	return next, nil
}

func find(versions []Engine, version string) Engine {
	for _, e := range versions {
		if e.Info().Version == version {
			return e
		}
	}
	return nil
}

// Ref names one version of an engine, "phaser@4.2.1".
func Ref(e Engine) string { return e.Info().Name + "@" + e.Info().Version }

// SplitRef is the name and the version of "phaser@4.2.1"; the version is "" when there is none.
func SplitRef(ref string) (name, version string) {
	name, version, _ = strings.Cut(ref, "@")
	return name, version
}

// Get returns a version of an engine, the default one for "". The error is a *models.Error with CodeUnknownEngine or
// CodeUnknownVersion that lists the known ones.
func (r *Registry) Get(name, version string) (Engine, error) {
	versions := r.versions[name]
	if len(versions) == 0 {
		return nil, models.NewError(models.CodeUnknownEngine,
			fmt.Sprintf("unknown engine %q; known are: %s", models.Shorten(name, 40), strings.Join(r.names, ", ")))
	}
	if version == "" {
		return versions[0], nil
	}
	if e := find(versions, version); e != nil {
		return e, nil
	}
	known := make([]string, len(versions))
	for i, e := range versions {
		known[i] = e.Info().Version
	}
	return nil, models.NewError(models.CodeUnknownVersion,
		fmt.Sprintf("%s has no version %q here; there are: %s", name, models.Shorten(version, 40), strings.Join(known, ", ")))
}

// Has reports whether there is a version of an engine.
func (r *Registry) Has(name, version string) bool { return find(r.versions[name], version) != nil }

// Default reports whether an engine of the registry is its name's default version.
func (r *Registry) Default(e Engine) bool {
	versions := r.versions[e.Info().Name]
	return len(versions) > 0 && versions[0].Info().Version == e.Info().Version
}

// List returns every version of every engine, sorted by name; of one engine the default first, then from the newest to
// the oldest.
func (r *Registry) List() []Engine {
	var list []Engine
	for _, name := range r.names {
		list = append(list, r.versions[name]...)
	}
	return list
}

// Describe is an engine's status without the parts that only a worker knows.
func (r *Registry) Describe(e Engine) models.EngineStatus {
	i := e.Info()
	return models.EngineStatus{Name: i.Name, Title: i.Title, Version: i.Version, Outputs: i.Outputs, Default: r.Default(e)}
}
