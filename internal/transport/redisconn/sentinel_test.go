package redisconn

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/tests/services/find"
	"github.com/spark-games/spark/tests/services/server"
	"github.com/spark-games/spark/tests/testenv"
)

// With Sentinels, a connection follows the master: when it is killed, a replica takes its place, and the connection goes on with that.
func TestConnectionFollowsTheMaster(t *testing.T) {
	t.Parallel()
	master := testenv.StartRedis(t)
	host, port, err := net.SplitHostPort(master.Addr())
	require.NoError(t, err)
	replica := testenv.StartRedis(t, "--replicaof", host, port)
	binary, err := find.Redis()
	require.NoError(t, err)
	sentinel := server.NewSentinel(binary, t.TempDir(), master.Addr())
	require.NoError(t, sentinel.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, sentinel.Kill()) })

	c, err := Open(sentinel.URL(), zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	ctx := t.Context()
	require.NoError(t, c.Ping(ctx))
	require.Equal(t, "spark:0:x", c.Key("x"))
	sub := c.NewClient()
	t.Cleanup(func() { require.NoError(t, sub.Close()) })
	hints := sub.Subscribe(ctx, c.Key("hints"))
	t.Cleanup(func() { require.NoError(t, hints.Close()) })
	_, err = hints.Receive(ctx)
	require.NoError(t, err)
	eventually(t, func() bool { return c.Client().Do(ctx, "WAIT", 1, 100).Val() == int64(1) }) // the replica is there, and the Sentinel's, too
	at := func() string { return c.Client().Info(ctx, "server").Val() }
	require.Contains(t, at(), "tcp_port:"+port)
	eventually(t, func() bool { return knows(t, sentinel, replica) })

	master.Kill()
	eventually(t, func() bool { return c.Ping(ctx) == nil })
	_, other, err := net.SplitHostPort(replica.Addr())
	require.NoError(t, err)
	require.Contains(t, at(), "tcp_port:"+other)
	eventually(t, func() bool { // a subscription goes on by itself
		require.NoError(t, c.Client().Publish(ctx, c.Key("hints"), "again").Err())
		_, err := hints.ReceiveTimeout(ctx, 100*time.Millisecond)
		return err == nil
	})
}

// knows reports whether the Sentinel has found the replica.
func knows(t *testing.T, s *server.Sentinel, replica *testenv.RedisProcess) bool {
	c, err := Open("redis://"+s.Addr()+"/0", zap.NewNop())
	require.NoError(t, err)
	found, err := c.Client().Do(t.Context(), "SENTINEL", "REPLICAS", server.SentinelMaster).Slice()
	require.NoError(t, c.Close())
	return err == nil && len(found) == 1
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("did not happen")
		}
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"redis://h:1/x", "http://h:1/0", "redis://h:1/0?master_name=", "redis://h:1/0?master_name=m&addr=", "redis://h:1/0?nonsense=1", "%"} {
		_, err := Open(bad, zap.NewNop())
		require.ErrorIs(t, err, errURL, bad)
	}
	for _, good := range []string{"redis://:secret@h:1/3", "rediss://u:p@h:1", "unix:///run/redis.sock", "redis://:of-sentinel@a:1/2?master_name=m&addr=b:1&password=of-redis"} {
		c, err := Open(good, zap.NewNop())
		require.NoError(t, err, good)
		require.NoError(t, c.Close())
	}
}
