// Package testenv gives tests real services: a separate database in the run's Postgres and Redis, separate servers for tests
// that break them, a Docker daemon, and a browser. If a service is missing, the test fails and says how to run it; only Docker's
// tests are skipped where no daemon can be started, which never happens in continuous integration.
package testenv

import (
	"os"
	"testing"
)

// The environment of a run, set by the program in tests/services.
const (
	envPostgres = "SPARK_TEST_POSTGRES_URL"
	envRedis    = "SPARK_TEST_REDIS_ADDR"
	envChromium = "SPARK_TEST_CHROMIUM"
	envDocker   = "SPARK_TEST_DOCKER_HOST"
	envProblem  = "SPARK_TEST_DOCKER_PROBLEM" // why there is no Docker daemon
)

const howToRun = "this test needs real services; run it with\n" +
	"\tmake test\nor, for some packages only,\n" +
	"\tgo run ./tests/services -- go test -race ./path/to/package/..."

func lookup(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: %s", name, howToRun)
	}
	return value
}

// Chromium is the path of a Chromium or Chrome.
func Chromium(t testing.TB) string {
	t.Helper()
	return lookup(t, envChromium)
}
