package server

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spark-games/spark/tests/services/process"
)

// SentinelMaster is the name under which a Sentinel knows its Redis.
const SentinelMaster = "spark"

// Sentinel watches a Redis and its replicas, and makes a replica the master when that does not answer for a second.
type Sentinel struct {
	Redis // is a redis-server, too

	master string
}

// NewSentinel prepares a Sentinel in an existing folder for the Redis at an address.
func NewSentinel(binary, dir, master string) *Sentinel {
	return &Sentinel{Redis: Redis{base: base{name: "sentinel", dir: dir}, binary: binary}, master: master}
}

// Start starts the Sentinel and waits until it answers.
func (s *Sentinel) Start(ctx context.Context) error { return s.launch(ctx, s.spec, s.ping) }

// spec writes the configuration unless there is one: a Sentinel keeps in it what it has decided.
func (s *Sentinel) spec() process.Spec {
	conf := filepath.Join(s.dir, fmt.Sprintf("sentinel-%d.conf", s.port))
	if _, err := os.Stat(conf); err != nil {
		host, port, _ := net.SplitHostPort(s.master)
		// Without its file the Sentinel does not start, and says so.
		_ = os.WriteFile(conf, fmt.Appendf(nil, "port %d\nbind 127.0.0.1\ndir %s\nsentinel monitor %s %s %s 1\n"+
			"sentinel down-after-milliseconds %[3]s 1000\nsentinel failover-timeout %[3]s 3000\n", s.port, s.dir, SentinelMaster, host, port), 0o600)
	}
	return process.Spec{Path: s.binary, Args: []string{conf, "--sentinel"}}
}

// URL is how a client of Redis names the Sentinel's master.
func (s *Sentinel) URL() string {
	return "redis://127.0.0.1:" + strconv.Itoa(s.port) + "/0?master_name=" + SentinelMaster
}
