package guard

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Accounts of workers. They are above those that systems assign to people and services, and fit into 32 bits.
const (
	lowestAccount  = 100_000
	highestAccount = 2_000_000_000
)

// drawAccount chooses a worker's user and group id among those of the container's user namespace. It returns 0 if the guard is
// not root and cannot choose.
func drawAccount() (int, error) {
	if os.Geteuid() != 0 {
		return 0, nil
	}
	low, high := uint64(lowestAccount), uint64(highestAccount)
	data, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return 0, err
	}
	if fields := strings.Fields(string(data)); len(fields) >= 3 {
		n, err := strconv.ParseUint(fields[2], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("the map of user ids: %w", err)
		}
		if high = min(high, n); low >= high {
			low = 1000 // a namespace of 65,536 ids
		}
	}
	if low >= high {
		return 0, fmt.Errorf("the user namespace has only %d ids", high)
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return int(low + binary.BigEndian.Uint64(b[:])%(high-low)), nil
}
