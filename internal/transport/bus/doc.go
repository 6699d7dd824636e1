// Package bus spreads news between the processes of a platform, over Redis: hints, of which each has a slower fallback, to
// those who watch a job in this process too, and the registry of the workers that live. All of it may be lost at any time.
package bus
