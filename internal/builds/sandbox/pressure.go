package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"
)

const pressureEvery = 2 * time.Second

// relieve gives up idle containers while the machine's memory is short.
func (r *DockerRunner) relieve(ctx context.Context) {
	for pause(ctx, pressureEvery) {
		if free, ok := r.opts.FreeMemory(); ok && free < r.opts.MinFree {
			if n := r.pool.Shrink(2); n > 0 {
				r.log.Info("memory is short: gave up idle sandboxes", zap.Int("count", n), zap.Int64("free_bytes", free))
			}
		}
	}
}

// freeMemory is what this machine can still give to programs without swapping; false when it does not say.
func freeMemory() (int64, bool) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	s := bufio.NewScanner(bytes.NewReader(b))
	for s.Scan() {
		if rest, ok := strings.CutPrefix(s.Text(), "MemAvailable:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10, err == nil
		}
	}
	return 0, false
}
