//go:build linux

package attacks_test

// workerArg makes the test binary a worker that is going to be killed.
const workerArg = "attacked-worker"

func workerMain([]string) int { return 1 }
