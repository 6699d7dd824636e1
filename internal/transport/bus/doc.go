// Package bus connects the processes of a platform over Redis. It sends hints, also to those who watch a job in this process,
// and holds the registry of running workers. Every hint has a slower fallback, and all of it may be lost at any time.
package bus
