// Package e2e tests Spark from the outside: it builds the programs, runs them as processes of their own, and uses them as
// people do — over HTTP, in a browser, and in a terminal. What they promise is in the README and the OpenAPI document; the
// tests spell it out again on purpose, so that a change of the surface shows.
//
// SPARK_TEST_SCREENSHOTS names a folder for pictures of the games that were played.
package e2e
