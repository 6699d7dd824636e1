// Package testenv hands real services to tests: a database of its own in the run's Postgres and Redis, servers of its own
// for tests that break them, and a browser. Nothing here is ever skipped: a test that cannot have what it needs fails and
// says how to run it.
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
