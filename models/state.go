package models

import "slices"

// State is the state of a job. docs/states.md draws the state machine.
type State string

// The states of a job.
const (
	StateBlocked   State = "blocked"   // waits for other jobs: for those that it depends on, or for whoever holds its concurrency key
	StateQueued    State = "queued"    // may run as soon as it is due and a slot is free
	StateRunning   State = "running"   // claimed by a worker under a lease
	StateSucceeded State = "succeeded" // terminal
	StateFailed    State = "failed"    // terminal; an explicit retry queues it again
	StateCancelled State = "cancelled" // terminal; an explicit retry queues it again
)

// States lists every state.
func States() []State {
	return []State{StateBlocked, StateQueued, StateRunning, StateSucceeded, StateFailed, StateCancelled}
}

// transitions is the whole state machine: which states may follow each state.
var transitions = map[State][]State{
	StateBlocked:   {StateQueued, StateFailed, StateCancelled},
	StateQueued:    {StateRunning, StateSucceeded, StateFailed, StateCancelled}, // an approval succeeds without running
	StateRunning:   {StateSucceeded, StateFailed, StateCancelled, StateQueued},
	StateSucceeded: {},
	StateFailed:    {StateQueued, StateBlocked},
	StateCancelled: {StateQueued, StateBlocked},
}

// Valid reports whether the state is known.
func (s State) Valid() bool { _, ok := transitions[s]; return ok }

// Terminal reports whether a job in this state is finished.
func (s State) Terminal() bool {
	return s == StateSucceeded || s == StateFailed || s == StateCancelled
}

// CanBecome reports whether the state machine has a transition from s to next.
func (s State) CanBecome(next State) bool {
	return slices.Contains(transitions[s], next)
}

// Kind is what a job does.
type Kind string

// The kinds of jobs.
const (
	KindGeneration Kind = "generation"
	KindBuild      Kind = "build"
	KindExport     Kind = "export"
	KindAnalytics  Kind = "analytics"
)

// Kinds lists every kind that workers run, in the order of the pipeline.
func Kinds() []Kind { return []Kind{KindGeneration, KindBuild, KindExport, KindAnalytics} }

// Valid reports whether workers run jobs of the kind.
func (k Kind) Valid() bool {
	return k == KindGeneration || k == KindBuild || k == KindExport || k == KindAnalytics
}

// Priority is the class a job waits in. Within a kind, classes share slots 6:3:1.
type Priority string

// The priorities.
const (
	PriorityCritical Priority = "critical"
	PriorityDefault  Priority = "default"
	PriorityLow      Priority = "low"
)

// Priorities lists every priority, most urgent first.
func Priorities() []Priority { return []Priority{PriorityCritical, PriorityDefault, PriorityLow} }

// Valid reports whether the priority is known.
func (p Priority) Valid() bool {
	return p == PriorityCritical || p == PriorityDefault || p == PriorityLow
}

// Queue is a kind and a priority.
type Queue struct {
	Kind     Kind
	Priority Priority
}

// Name is the queue's name in Redis, "build:critical".
func (q Queue) Name() string { return string(q.Kind) + ":" + string(q.Priority) }

// Queues lists every queue.
func Queues() []Queue {
	var all []Queue
	for _, k := range Kinds() {
		for _, p := range Priorities() {
			all = append(all, Queue{k, p})
		}
	}
	return all
}

// DependencyPolicy is what happens to a job if one that it waits for does not succeed.
type DependencyPolicy string

// The policies.
const (
	DependencyCancel DependencyPolicy = "cancel" // it is cancelled too, with the reason
	DependencyRun    DependencyPolicy = "run"    // it runs anyway
)

// Valid reports whether the policy is known.
func (p DependencyPolicy) Valid() bool { return p == DependencyCancel || p == DependencyRun }
