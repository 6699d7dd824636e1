// Package e2e tests Spark from the outside: it builds the programs, runs them as separate processes, and uses them as people do:
// over HTTP, in a browser, and in a terminal. The README and the OpenAPI document define what to expect; the tests spell it out
// again on purpose, so that a change of the interface shows.
//
// SPARK_TEST_SCREENSHOTS names a folder for pictures of the games that were played.
package e2e
