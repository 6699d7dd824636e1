// Package starter is what the starter projects of all engines have in common, whatever language they are written in: how
// one is assembled from an adapter's embedded files, and which picture each role of a design has.
package starter
