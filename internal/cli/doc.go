// Package cli is the command line of spark: it starts the platform for developers (through functions that the program
// hands in) and is a client of any Spark server.
package cli
