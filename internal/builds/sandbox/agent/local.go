package agent

import (
	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/confine"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// local serves a host from a process on its machine, which confines itself before it says hello, so that it can be given any
// job, and further once it has a job, to what that needs.
func local(work, toolchains string) error {
	places := confine.System().And(confine.Places{Write: []string{work}})
	if toolchains != "" {
		places.Read = append(places.Read, toolchains)
	}
	around := Surroundings{Limit: limit, Isolation: confine.Begin(places)}
	if around.Isolation.Level == engines.Confined {
		around.Narrow = func(spec protocol.Spec) error { return confine.Narrow(placesOf(spec)) }
	}
	return serve(around)
}

// placesOf is what a job needs: a bundle and a pack their toolchain only, a command its workspace and the system as well.
func placesOf(spec protocol.Spec) confine.Places {
	p := confine.Places{Read: []string{"."}} // which is to be found gone, see bundle.Leave, rather than shut
	if spec.Toolchain != "" {
		p.Read = append(p.Read, spec.Toolchain)
	}
	if spec.Plan.Command == nil {
		return p
	}
	p.Write = append(p.Write, spec.Work)
	return p.And(confine.System())
}
