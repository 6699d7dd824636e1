package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"

	"github.com/spark-games/spark/models"
)

// redisURL is the configured Redis, or an embedded one for an all-in-one platform. The embedded one keeps nothing: the database
// is the source of truth, and jobs are dispatched again.
func (p *parts) redisURL(embedded bool) (string, error) {
	if !embedded {
		return p.cfg.RedisURL.Reveal(), nil
	}
	if !p.allInOne {
		return "", errors.New("SPARK_REDIS_URL is required: the processes of a platform communicate through Redis")
	}
	unlock, err := lockFolder(p.cfg.DataDir)
	if err != nil {
		return "", err
	}
	p.group.OnStop("data folder", func(context.Context) error { return unlock() })
	r := miniredis.NewMiniRedis()
	password := models.NewID() // it listens on loopback, where other users may connect
	r.RequireAuth(password)
	if err := r.StartAddr("127.0.0.1:0"); err != nil {
		return "", fmt.Errorf("embedded Redis: %w", err)
	}
	r.Server().SetPreHook(tellInfo(r, time.Now()))
	p.group.OnStop("embedded redis", func(context.Context) error { r.Close(); return nil })
	p.group.Go("embedded redis clock", func(ctx context.Context) { runClock(ctx, r) })
	u := url.URL{Scheme: "redis", User: url.UserPassword("", password), Host: r.Addr(), Path: "/0"}
	return u.String(), nil
}

// tellInfo answers INFO with the values that the queues page shows and the embedded Redis lacks.
func tellInfo(r *miniredis.Miniredis, began time.Time) func(*server.Peer, string, ...string) bool {
	return func(c *server.Peer, cmd string, args ...string) bool {
		if !strings.EqualFold(cmd, "INFO") || len(args) > 0 {
			return false
		}
		c.WriteBulk(fmt.Sprintf("# Server\r\nredis_version:embedded\r\nuptime_in_seconds:%d\r\nuptime_in_days:%d\r\n"+
			"# Clients\r\nconnected_clients:%d\r\n"+
			"# Memory\r\nused_memory_human:in this process\r\nused_memory_peak_human:in this process\r\nmem_fragmentation_ratio:1\r\n"+
			"# Persistence\r\nrdb_last_save_time:%d\r\nrdb_changes_since_last_save:0\r\n"+
			"# Stats\r\ntotal_connections_received:%d\r\ntotal_commands_processed:%d\r\n# Replication\r\nconnected_slaves:0\r\n",
			int(time.Since(began).Seconds()), int(time.Since(began).Hours()/24), r.CurrentConnectionCount(),
			began.Unix(), r.TotalConnectionCount(), r.CommandCount()))
		return true
	}
}

// runClock advances the clock of the embedded Redis, whose keys do not expire by themselves.
func runClock(ctx context.Context, r *miniredis.Miniredis) {
	const every = time.Second
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			r.FastForward(every)
		}
	}
}

// lockFolder makes sure that only one process uses a data folder. The lock ends with the process.
func lockFolder(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := flock(f); err != nil {
		return nil, errors.Join(fmt.Errorf("another Spark runs on the data folder %s; stop it, or choose another folder with SPARK_DATA_DIR", dir), f.Close())
	}
	return f.Close, nil
}
