// Package redisconn connects a process to Redis: dispatched jobs and hints share one connection.
package redisconn

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Conn is a connection to Redis, shared by the parts of a process.
type Conn struct {
	db     int
	dial   func() *redis.Client
	client *redis.Client
	close  func() error
}

// Open parses "redis://[user:password@]host:port/db", or "redis://host:port/db?master_name=name&addr=host:port", which names Sentinels
// that know the server (redis.ParseURL, redis.ParseFailoverURL), and makes a client, which connects when it is used. The client's
// messages about its connections are logged. Each of secured changes how a URL with "rediss://" speaks TLS.
func Open(rawURL string, log *zap.Logger, secured ...func(*tls.Config)) (*Conn, error) {
	c := &Conn{}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errURL
	}
	if u.Query().Has("master_name") {
		o, err := redis.ParseFailoverURL(rawURL)
		if err != nil || o.MasterName == "" {
			return nil, errURL
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.ContextTimeoutEnabled = dialWithin, answerWithin, answerWithin, true
		secure(o.TLSConfig, secured)
		c.db, c.dial = o.DB, func() *redis.Client { own := *o; return redis.NewFailoverClient(&own) }
	} else {
		o, err := redis.ParseURL(rawURL)
		if err != nil {
			return nil, errURL
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.ContextTimeoutEnabled = dialWithin, answerWithin, answerWithin, true
		secure(o.TLSConfig, secured)
		c.db, c.dial = o.DB, func() *redis.Client { own := *o; return redis.NewClient(&own) }
	}
	logTo(log)
	c.client = c.dial()
	c.close = sync.OnceValue(c.client.Close)
	return c, nil
}

func secure(c *tls.Config, secured []func(*tls.Config)) {
	if c == nil {
		return
	}
	for _, change := range secured {
		change(c)
	}
}

var errURL = models.NewError(models.CodeInvalidRequest,
	"the Redis URL cannot be read; it looks like redis://host:6379/0, or with Sentinels like redis://host:26379/0?master_name=name&addr=host:26379")

const (
	dialWithin   = 2 * time.Second
	answerWithin = 3 * time.Second
)

// MakeRedisClient implements asynq.RedisConnOpt: a separate connection, closed by the caller.
func (c *Conn) MakeRedisClient() any { return c.NewClient() }

// Client is the shared connection.
func (c *Conn) Client() *redis.Client { return c.client }

// NewClient makes a separate connection, which the caller closes.
func (c *Conn) NewClient() *redis.Client { return c.dial() }

// Ping checks that Redis answers and accepts writes: a replica or a full instance does not.
func (c *Conn) Ping(ctx context.Context) error {
	return c.client.Set(ctx, c.Key("ping"), "1", time.Minute).Err()
}

// Key names a key or a channel. Names carry the database number, because publish/subscribe does not keep databases apart.
func (c *Conn) Key(name string) string { return fmt.Sprintf("spark:%d:%s", c.db, name) }

// Close closes the shared connection. It may be called several times.
func (c *Conn) Close() error { return c.close() }
