// Package images makes the container images of engines, without a registry.
//
// An image is put together here, as the archive that "docker load" reads: layers with sorted names and one fixed time, and
// a configuration. Nothing is run in a container to make it. The layers are, from the bottom up, the root filesystem of
// Debian packages for engines that are programs, the engine's toolchain as /toolchain without what builds do not read, and
// the static agent as /engine-agent. An image for which somebody else's is the base is built by the daemon, which adds the
// agent to it.
//
// An image carries its engine, version and recipe as labels. The recipe is a digest of everything that goes in: the
// adapter's recipe, the toolchain, and the agent. Image finds the image by it and makes one only when there is none; what
// it answers is the image's digest, never a name that could move.
package images
