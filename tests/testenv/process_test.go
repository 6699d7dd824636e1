package testenv_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/tests/testenv"
)

func TestOwnRedisForgetsOnRestartUnlessToldToRemember(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"by default":          {nil, ""},
		"with an append file": {[]string{"--appendonly", "yes", "--appendfsync", "always"}, "value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testenv.StartRedis(t, tt.args...)
			url := server.URL()
			if err := redisClient(t, url).Set(t.Context(), "key", "value", 0).Err(); err != nil {
				t.Fatal(err)
			}
			server.Kill()
			if err := redisClient(t, url).Ping(t.Context()).Err(); err == nil {
				t.Error("a killed server answered")
			}
			server.Start()
			if server.URL() != url {
				t.Errorf("the address changed from %s to %s", url, server.URL())
			}
			got, err := redisClient(t, url).Get(t.Context(), "key").Result()
			if got != tt.want || (err != nil && !errors.Is(err, redis.Nil)) {
				t.Errorf("after the restart: %q, %v", got, err)
			}
			server.Stop()
			server.Stop() // a second time is no error
		})
	}
}

func TestOwnRedisCanHang(t *testing.T) {
	t.Parallel()
	server := testenv.StartRedis(t)
	client := redisClient(t, server.URL())
	server.Pause()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := client.Ping(ctx).Err(); err == nil {
		t.Error("a paused server answered")
	}
	server.Resume()
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
}

func TestOwnPostgresKeepsWhatWasCommittedThroughACrash(t *testing.T) {
	t.Parallel()
	server := testenv.StartPostgres(t, "max_connections=20")
	url := server.URL()
	conn := connect(t, url)
	if _, err := conn.Exec(t.Context(), "CREATE TABLE marks AS SELECT 1 AS n"); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("a killed server answered")
	}
	server.Start()
	if server.URL() != url {
		t.Errorf("the address changed from %s to %s", url, server.URL())
	}
	if !there(t, url, "marks") {
		t.Error("a committed table is lost")
	}
	server.Stop()
	server.Start()
	if !there(t, url, "marks") {
		t.Error("a committed table is lost after an orderly stop")
	}
}
