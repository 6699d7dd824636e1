package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/tests/services/server"
)

// startRedis starts Redis and, if it is to have one, its replica and its Sentinel.
func (c *Cluster) startRedis(ctx context.Context, binary string, o Options) error {
	aof := "no"
	if o.AOF {
		aof = "yes"
	}
	start := func(name string, args ...string) (*server.Redis, error) {
		dir := filepath.Join(c.Dir, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			return nil, err
		}
		r := server.NewRedis(binary, dir, append([]string{"--appendonly", aof, "--repl-diskless-sync-delay", "0"}, args...)...)
		return r, r.Start(ctx)
	}
	var err error
	if c.Redis, err = start("redis"); err != nil || !o.Sentinel {
		return err
	}
	host, port, err := net.SplitHostPort(c.Redis.Addr())
	if err != nil {
		return err
	}
	if c.Replica, err = start("replica", "--replicaof", host, port); err != nil {
		return err
	}
	dir := filepath.Join(c.Dir, "sentinel")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	c.Sentinel = server.NewSentinel(binary, dir, c.Redis.Addr())
	return c.Sentinel.Start(ctx)
}

func (c *Cluster) stopRedis() error {
	var errs []error
	if c.Sentinel != nil {
		errs = append(errs, c.Sentinel.Kill())
	}
	for _, r := range []*server.Redis{c.Replica, c.Redis} {
		if r != nil {
			errs = append(errs, r.Kill())
		}
	}
	return errors.Join(errs...)
}

// redisURL is how a process finds Redis: through a link of its own, or as the Sentinel says, which knows no links.
func (c *Cluster) redisURL(ctx context.Context, proxies *toxiproxy.ApiServer, name string) (string, error) {
	if c.Sentinel != nil {
		return c.Sentinel.URL(), nil
	}
	l, err := c.link(ctx, proxies, name, "redis", c.Redis.Addr())
	if err != nil {
		return "", err
	}
	return "redis://" + l.Addr() + "/0", nil
}

// Master is the address of the Redis that takes writes.
func (c *Cluster) Master(ctx context.Context) (string, error) {
	if c.Sentinel == nil {
		return c.Redis.Addr(), nil
	}
	s := redis.NewSentinelClient(&redis.Options{Addr: c.Sentinel.Addr()})
	defer s.Close()
	at, err := s.GetMasterAddrByName(ctx, server.SentinelMaster).Result()
	if err != nil || len(at) != 2 {
		return "", fmt.Errorf("the Sentinel knows no master: %w", err)
	}
	return net.JoinHostPort(at[0], at[1]), nil
}

// FailOver kills the master, once it has a replica to take its place. What heals it waits for that, and starts the old master again, which
// becomes the replica.
func (c *Cluster) FailOver(ctx context.Context) (heal func(context.Context) error, err error) {
	old, err := c.Master(ctx)
	if err != nil {
		return nil, err
	}
	killed := c.Redis
	if c.Replica.Addr() == old {
		killed = c.Replica
	}
	if err := until(ctx, func() error { return c.replicated(ctx, old) }); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		err := until(ctx, func() error {
			at, err := c.Master(ctx)
			if err == nil && at == old {
				err = errors.New("the Sentinel has no other master")
			}
			return err
		})
		return errors.Join(err, killed.Start(ctx))
	}, killed.Kill()
}

// replicated is an error unless the master has a replica that the Sentinel would take.
func (c *Cluster) replicated(ctx context.Context, master string) error {
	r := redis.NewClient(&redis.Options{Addr: master})
	defer r.Close()
	if n, err := r.Do(ctx, "WAIT", 1, 1000).Int(); err != nil || n != 1 {
		return fmt.Errorf("%d replicas have everything: %w", n, err)
	}
	s := redis.NewSentinelClient(&redis.Options{Addr: c.Sentinel.Addr()})
	defer s.Close()
	replicas, err := s.Replicas(ctx, server.SentinelMaster).Result()
	if err != nil {
		return err
	}
	for _, r := range replicas {
		if r["flags"] == "slave" && r["master-link-status"] == "ok" {
			return nil
		}
	}
	return errors.New("the Sentinel knows no replica that is up")
}

// until tries until it succeeds, for a minute.
func until(ctx context.Context, ok func() error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := ok()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}
