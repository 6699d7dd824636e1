package testenv

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/tests/services/server"
)

// Database 0 belongs to testenv: a counter hands out the others, and a key per database marks it as taken. The mark of a test
// process that died expires.
const (
	counterKey = "testenv:counter"
	takenKey   = "testenv:taken:"
	takenFor   = 2 * time.Hour
)

// Redis reserves an empty logical database for the test and returns its URL. The database is flushed when the test ends.
//
// The server is shared: FLUSHALL, CONFIG SET and the like would affect other tests, and publish/subscribe channels are not
// separated by database. A test that needs those, or that stops the server, uses StartRedis.
func Redis(t testing.TB) string {
	t.Helper()
	addr := lookup(t, envRedis)
	admin := redis.NewClient(&redis.Options{Addr: addr})
	defer admin.Close()
	db, err := acquire(t.Context(), admin)
	if err == nil {
		err = flush(t.Context(), addr, db)
	}
	if err != nil {
		t.Fatalf("reserve a Redis database for the test: %v", err)
	}
	t.Cleanup(func() {
		// The test's own context is cancelled by now.
		if err := giveBack(context.Background(), addr, db); err != nil {
			t.Errorf("give back Redis database %d: %v", db, err)
		}
	})
	return "redis://" + addr + "/" + strconv.Itoa(db)
}

func acquire(ctx context.Context, admin *redis.Client) (int, error) {
	for range server.RedisDatabases {
		n, err := admin.Incr(ctx, counterKey).Result()
		if err != nil {
			return 0, err
		}
		db := int(n%(server.RedisDatabases-1)) + 1
		free, err := admin.SetNX(ctx, takenKey+strconv.Itoa(db), "", takenFor).Result()
		if err != nil {
			return 0, err
		}
		if free {
			return db, nil
		}
	}
	return 0, fmt.Errorf("all %d databases are taken", server.RedisDatabases-1)
}

func giveBack(ctx context.Context, addr string, db int) error {
	if err := flush(ctx, addr, db); err != nil {
		return err
	}
	admin := redis.NewClient(&redis.Options{Addr: addr})
	defer admin.Close()
	return admin.Del(ctx, takenKey+strconv.Itoa(db)).Err()
}

func flush(ctx context.Context, addr string, db int) error {
	client := redis.NewClient(&redis.Options{Addr: addr, DB: db})
	defer client.Close()
	return client.FlushDB(ctx).Err()
}
