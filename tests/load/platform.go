package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/tests/services/process"
)

// platform is an API and a scheduler as processes of their own, on a Postgres and a Redis that they have for themselves. There is no worker: what
// workers do is measured by "make bench", and would take its processor time from what is measured here.
type platform struct {
	url, key string
	dir      string
	api      *process.Process
	all      []*process.Process
}

// startWithin bounds how long a program may take until it serves.
const startWithin = time.Minute

// limits are more than what is asked here, so that they are checked and never reached.
var limits = []string{
	"SPARK_LIMITS_REQUESTS_PER_MINUTE=10000000", "SPARK_LIMITS_REQUESTS_PER_MINUTE_PER_KEY=10000000", "SPARK_LIMITS_JOBS_PER_DAY=1000000000",
	"SPARK_HTTP_MAX_CONNECTIONS=20000", "SPARK_HTTP_MAX_CONNECTIONS_PER_ADDRESS=20000",
}

// start compiles the programs and starts them.
func start(ctx context.Context, dir, databaseURL, redisURL string) (_ *platform, err error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("find the module: %w", err)
	}
	bin := filepath.Join(dir, "bin")
	build := exec.CommandContext(ctx, "go", "build", "-C", strings.TrimSpace(string(root)), "-o", bin+"/", "./cmd/api", "./cmd/scheduler")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile the programs: %w\n%s", err, out)
	}
	p := &platform{dir: dir}
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "SPARK_") {
			env = append(env, v)
		}
	}
	env = append(env, limits...)
	env = append(env, "SPARK_DATABASE_URL="+databaseURL, "SPARK_REDIS_URL="+redisURL, "SPARK_BLOB_DIR="+filepath.Join(dir, "blobs"),
		"SPARK_DATA_DIR="+filepath.Join(dir, "data"), "SPARK_KEY_PEPPER=the pepper of a load test", "SPARK_LOG_FORMAT=json", "SPARK_ADDR=127.0.0.1:0",
		"SPARK_MIGRATE=true")
	for _, name := range []string{"api", "scheduler"} {
		log, err := os.Create(p.log(name))
		if err != nil {
			return nil, errors.Join(err, p.stop())
		}
		one, err := process.Start(process.Spec{Path: filepath.Join(bin, name), Env: env, Stderr: log})
		_ = log.Close() // the program has it
		if err != nil {
			return nil, errors.Join(err, p.stop())
		}
		p.all = append(p.all, one)
	}
	p.api = p.all[0]
	if err := p.ready(ctx); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

func (p *platform) log(name string) string { return filepath.Join(p.dir, name+".log") }

var startedURL = regexp.MustCompile(`"started".*"url":"(http://[^"]+)"`)

// ready waits until the API answers that it is.
func (p *platform) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for p.url == "" || !answers(ctx, p.url+"/readyz") {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the api is not ready: %w\n%s", ctx.Err(), process.Tail(p.log("api"), 10))
		case <-p.api.Done():
			return fmt.Errorf("the api ended:\n%s", process.Tail(p.log("api"), 10))
		case <-time.After(20 * time.Millisecond):
		}
		said, err := os.ReadFile(p.log("api"))
		if err != nil {
			return err
		}
		if m := startedURL.FindSubmatch(said); m != nil {
			p.url = string(m[1])
		}
	}
	key, err := os.ReadFile(filepath.Join(p.dir, "data", "api-key"))
	p.key = string(bytes.TrimSpace(key))
	return err
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

func (p *platform) stop() error {
	var errs []error
	for _, one := range p.all {
		errs = append(errs, one.Stop(syscall.SIGTERM, startWithin))
	}
	return errors.Join(errs...)
}

var errNoServices = errors.New(`there is no Postgres and no Redis to use; run "make load"`)

// services empties the Redis and makes a database, on the servers that tests/services has started. An accepted job must be durable there.
func services(ctx context.Context) (databaseURL, redisURL string, drop func() error, err error) {
	admin, address := os.Getenv("SPARK_TEST_POSTGRES_URL"), os.Getenv("SPARK_TEST_REDIS_ADDR")
	if admin == "" || address == "" {
		return "", "", nil, errNoServices
	}
	const name = "spark_load"
	databaseURL = regexp.MustCompile(`/postgres(\?|$)`).ReplaceAllString(admin, "/"+name+"$1")
	execute := func(ctx context.Context, statements ...string) error {
		conn, err := pgx.Connect(ctx, admin)
		if err != nil {
			return err
		}
		for _, s := range statements {
			if _, err = conn.Exec(ctx, s); err != nil {
				break
			}
		}
		return errors.Join(err, conn.Close(ctx))
	}
	if err := durable(ctx, admin); err != nil {
		return "", "", nil, err
	}
	if err := execute(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)", "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return "", "", nil, err
	}
	client := redis.NewClient(&redis.Options{Addr: address, DB: 1})
	if err := errors.Join(client.FlushDB(ctx).Err(), client.Close()); err != nil {
		return "", "", nil, err
	}
	return databaseURL, "redis://" + address + "/1", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), startWithin)
		defer cancel()
		return execute(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
	}, nil
}

func durable(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err = conn.QueryRow(ctx, "SHOW "+name).Scan(&value); err != nil {
			break
		}
		if value != "on" {
			err = fmt.Errorf("the setting %s of Postgres is %q, with which nothing is durable; start the services with -fsync", name, value)
			break
		}
	}
	return errors.Join(err, conn.Close(ctx))
}
