// Package builder builds games: it chooses for every build between the container pool and the local processes, falls back
// from the one to the other, counts what happens, and tells what this worker can build with.
//
// Which of the two it is depends on the configuration, on whether a Docker daemon answers, and on whether the engine has an
// image. All of that changes while a worker runs: the daemon is looked for until there is one, and the images are looked at
// again and again.
package builder
