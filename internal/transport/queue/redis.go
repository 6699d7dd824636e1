package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/models"
)

// Redis is a connection to the transport, shared by the client, the servers and the bus of a process.
type Redis struct {
	options *redis.Options
	client  *redis.Client
}

// Connect parses "redis://[user:password@]host:port/db" and makes a client, which connects when it is used.
func Connect(rawURL string) (*Redis, error) {
	o, err := redis.ParseURL(rawURL)
	if err != nil {
		return nil, models.NewError(models.CodeInvalidRequest, "the Redis URL cannot be read; it looks like redis://host:6379/0")
	}
	o.DialTimeout = 2 * time.Second
	o.ReadTimeout, o.WriteTimeout = 3*time.Second, 3*time.Second
	o.ContextTimeoutEnabled = true
	return &Redis{options: o, client: redis.NewClient(o)}, nil
}

// MakeRedisClient implements asynq.RedisConnOpt: a connection of its own, closed by whoever asked.
func (r *Redis) MakeRedisClient() any { return r.newClient() }

func (r *Redis) newClient() *redis.Client {
	o := *r.options
	return redis.NewClient(&o)
}

// Ping tells whether Redis answers and takes writes: a replica or a full instance does not.
func (r *Redis) Ping(ctx context.Context) error {
	return r.client.Set(ctx, r.key("ping"), "1", time.Minute).Err()
}

// key and channel names carry the database number, because publish/subscribe does not keep databases apart.
func (r *Redis) key(name string) string { return fmt.Sprintf("spark:%d:%s", r.options.DB, name) }

// Close closes the shared connection.
func (r *Redis) Close() error { return r.client.Close() }
