// Package inject does harm: a catalogue of faults, and a schedule that follows from a seed.
package inject

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/spark-games/spark/tests/faults/cluster"
)

// Fault is a way to harm the platform.
type Fault struct {
	Type string
	// Least and Most are how long it lasts before it is healed.
	Least, Most time.Duration
	// Inject does the harm. It returns who was hit, and what heals it.
	Inject func(ctx context.Context, c *cluster.Cluster, r *rand.Rand) (hit Hit, err error)
	// On says on which platforms the fault is possible; nil is on all.
	On func(c *cluster.Cluster) bool
}

// Hit is a fault in effect.
type Hit struct {
	Target string
	Heal   func(ctx context.Context) error
}

// Record is a fault that was injected.
type Record struct {
	Type, Target string
	At           time.Time // the harm was done
	Healed       time.Time
	Recovered    time.Time // jobs submitted after the healing had run
	Accepted     time.Duration
	Finished     time.Duration
}

// Covers reports whether the fault or its aftermath, some time after the healing, overlaps a time span.
func (r Record) Covers(from, to time.Time, aftermath time.Duration) bool {
	return r.At.Before(to) && r.Healed.Add(aftermath).After(from)
}

// All is the catalogue.
func All() []Fault {
	var all []Fault
	all = append(all, processFaults()...)
	all = append(all, redisFaults()...)
	all = append(all, postgresFaults()...)
	all = append(all, blobFaults()...)
	all = append(all, dockerFaults()...)
	return append(all, networkFaults()...)
}

// On are those of the faults that are possible on a platform.
func On(c *cluster.Cluster, faults []Fault) (some []Fault) {
	for _, f := range faults {
		if f.On == nil || f.On(c) {
			some = append(some, f)
		}
	}
	return some
}

// Only are the faults of some types, in the catalogue's order.
func Only(types ...string) (some []Fault) {
	for _, f := range All() {
		for _, t := range types {
			if f.Type == t {
				some = append(some, f)
			}
		}
	}
	return some
}
