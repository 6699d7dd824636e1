// Package fleet knows the workers of a platform: each publishes what it can build with and how its sandboxes are, and every
// process can read what they all say, one by one or put together.
package fleet
