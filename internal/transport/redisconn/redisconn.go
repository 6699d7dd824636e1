// Package redisconn connects a process to Redis: dispatched jobs and hints share one connection.
package redisconn

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Conn is a connection to Redis, shared by the parts of a process.
type Conn struct {
	options *redis.Options
	client  *redis.Client
	close   func() error
}

// Open parses "redis://[user:password@]host:port/db" and makes a client, which connects when it is used. The
// client's messages about its connections are logged.
func Open(rawURL string, log *zap.Logger) (*Conn, error) {
	o, err := redis.ParseURL(rawURL)
	if err != nil {
		return nil, models.NewError(models.CodeInvalidRequest, "the Redis URL cannot be read; it looks like redis://host:6379/0")
	}
	o.DialTimeout = 2 * time.Second
	o.ReadTimeout, o.WriteTimeout = 3*time.Second, 3*time.Second
	o.ContextTimeoutEnabled = true
	logTo(log)
	client := redis.NewClient(o)
	return &Conn{options: o, client: client, close: sync.OnceValue(client.Close)}, nil
}

// MakeRedisClient implements asynq.RedisConnOpt: a separate connection, closed by the caller.
func (c *Conn) MakeRedisClient() any { return c.NewClient() }

// Client is the shared connection.
func (c *Conn) Client() *redis.Client { return c.client }

// NewClient makes a separate connection, which the caller closes.
func (c *Conn) NewClient() *redis.Client {
	o := *c.options
	return redis.NewClient(&o)
}

// Ping checks that Redis answers and accepts writes: a replica or a full instance does not.
func (c *Conn) Ping(ctx context.Context) error {
	return c.client.Set(ctx, c.Key("ping"), "1", time.Minute).Err()
}

// Key names a key or a channel. Names carry the database number, because publish/subscribe does not keep databases apart.
func (c *Conn) Key(name string) string { return fmt.Sprintf("spark:%d:%s", c.options.DB, name) }

// Close closes the shared connection. It may be called several times.
func (c *Conn) Close() error { return c.close() }
