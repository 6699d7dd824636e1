package peers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/tests/bench/usage"
)

// Connections is how many connections to Postgres each peer may have.
const Connections = 32

// Env is the services that all peers share. One peer uses them at a time.
type Env struct {
	Postgres string // URL of a database from which others are made
	Redis    string // host:port
	RedisDB  int    // the logical database of Redis that is used, and emptied
	Dir      string // for temporary files
	Cache    string // for what is installed once
}

// FromEnvironment finds the services that the program in tests/services has started, and insists that an accepted job is durable.
func FromEnvironment(ctx context.Context, dir, cache string) (*Env, error) {
	e := &Env{Postgres: os.Getenv("SPARK_TEST_POSTGRES_URL"), Redis: os.Getenv("SPARK_TEST_REDIS_ADDR"), RedisDB: 1, Dir: dir, Cache: cache}
	if e.Postgres == "" || e.Redis == "" {
		return nil, errors.New(`there is no Postgres and no Redis to use; run "make bench"`)
	}
	return e, e.query(ctx, func(conn *pgx.Conn) error {
		for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			var value string
			if err := conn.QueryRow(ctx, "SHOW "+name).Scan(&value); err != nil {
				return err
			}
			if value != "on" {
				return fmt.Errorf("the setting %s of Postgres is %q, with which nothing is durable; start the services with -fsync", name, value)
			}
		}
		return nil
	})
}

func (e *Env) query(ctx context.Context, f func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, e.Postgres)
	if err != nil {
		return err
	}
	return errors.Join(f(conn), conn.Close(context.WithoutCancel(ctx)))
}

// Database is a database of a peer's own.
type Database struct {
	URL  string
	name string
	env  *Env
}

// NewDatabase makes an empty one, or a copy of another that nobody is connected to.
func (e *Env) NewDatabase(ctx context.Context, from *Database) (*Database, error) {
	d := &Database{name: "bench_" + strings.ToLower(rand.Text()), env: e}
	template := "template0"
	if from != nil {
		template = from.name
	}
	u, err := url.Parse(e.Postgres)
	if err != nil {
		return nil, err
	}
	u.Path = "/" + d.name
	d.URL = u.String()
	return d, e.query(ctx, func(conn *pgx.Conn) error {
		// The other strategy writes the whole copy to the log, which would still be written to disk while the clock runs.
		for {
			_, err := conn.Exec(ctx, "CREATE DATABASE "+d.name+" TEMPLATE "+template+" STRATEGY file_copy")
			// Autovacuum may just be at work in the template. Postgres has waited for five seconds before it says so.
			if inUse := (*pgconn.PgError)(nil); !errors.As(err, &inUse) || inUse.Code != "55006" {
				return err
			}
		}
	})
}

// Drop removes the database, whoever is connected.
func (d *Database) Drop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return d.env.query(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "DROP DATABASE "+d.name+" WITH (FORCE)")
		return err
	})
}

// NewRedis empties the logical database of Redis, and returns its URL.
func (e *Env) NewRedis(ctx context.Context) (string, error) {
	client := e.redis()
	defer client.Close()
	return fmt.Sprintf("redis://%s/%d", e.Redis, e.RedisDB), client.FlushDB(ctx).Err()
}

func (e *Env) redis() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: e.Redis, DB: e.RedisDB})
}

// RedisMemory is how many bytes Redis uses, without what its connections take.
func (e *Env) RedisMemory(ctx context.Context) (int64, error) {
	info, err := e.redisInfo(ctx, "memory")
	if err != nil {
		return 0, err
	}
	used, err := strconv.ParseInt(info["used_memory"], 10, 64)
	clients, err2 := strconv.ParseInt(info["mem_clients_normal"], 10, 64)
	return used - clients, errors.Join(err, err2)
}

func (e *Env) redisInfo(ctx context.Context, section string) (map[string]string, error) {
	client := e.redis()
	defer client.Close()
	text, err := client.Info(ctx, section).Result()
	if err != nil {
		return nil, err
	}
	info := make(map[string]string)
	for line := range strings.Lines(text) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[k] = v
		}
	}
	return info, nil
}

// Servers are the processes of Postgres and Redis, with what they are.
type Servers struct {
	Postgres, Redis               int // process ids; of Postgres, the one that started the others
	PostgresVersion, RedisVersion string
	SharedBuffers                 string // of Postgres
}

// Servers finds them.
func (e *Env) Servers(ctx context.Context) (s Servers, err error) {
	info, err := e.redisInfo(ctx, "server")
	if err != nil {
		return s, err
	}
	s.RedisVersion = info["redis_version"]
	if s.Redis, err = strconv.Atoi(info["process_id"]); err != nil {
		return s, err
	}
	return s, e.query(ctx, func(conn *pgx.Conn) error {
		var backend int
		err := conn.QueryRow(ctx, "SELECT pg_backend_pid(), current_setting('server_version'), current_setting('shared_buffers')").
			Scan(&backend, &s.PostgresVersion, &s.SharedBuffers)
		if err != nil {
			return err
		}
		s.Postgres, err = usage.Parent(backend)
		return err
	})
}
