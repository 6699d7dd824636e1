// Package fleet is the registry of the workers of a platform: each publishes what it can build with and the state of its
// sandboxes, and every process can read these reports, one by one or merged.
package fleet
