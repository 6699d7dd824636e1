// Package images makes the container images of engines, without a registry.
//
// An image is assembled here, as the archive that "docker load" reads: layers with sorted names and one fixed time, and a
// configuration. Nothing is run in a container to make it. The layers are, from the bottom up, the root file system of Debian
// packages for engines that are programs, the engine's toolchain as /toolchain without files that builds do not read, and the
// static agent as /engine-agent. An image with a custom base is built by the daemon, which adds the agent to the base.
//
// An image has its engine, version and recipe as labels. The recipe is a digest of everything that goes in: the adapter's
// recipe, the toolchain, and the agent. Image finds the image by its recipe and makes one only if there is none; it returns the
// image's digest, never a name that could move.
package images
