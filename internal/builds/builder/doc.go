// Package builder builds games: for every build it chooses between the container pool and local processes, falls back from the
// one to the other, counts what happens, and reports what this worker can build with.
//
// The choice depends on the configuration, on whether a Docker daemon answers, and on whether the engine has an image. All of
// that may change while a worker runs: it looks for the daemon until there is one, and checks the images periodically.
package builder
