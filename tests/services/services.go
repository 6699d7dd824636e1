package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/services/find"
	"github.com/spark-games/spark/tests/services/server"
)

// dirPrefix starts the name of every folder of a run; ownerFile in it holds the process id of its owner.
const (
	dirPrefix = "spark-services-"
	ownerFile = "owner"
)

// services are the running servers of one run and the folder they live in.
type services struct {
	dir      string
	postgres *server.Postgres
	redis    *server.Redis
	chromium string
}

func startServices(ctx context.Context, tools find.Tools, fsync bool) (*services, error) {
	begin := time.Now()
	dir, err := server.TempDir(dirPrefix)
	if err != nil {
		return nil, err
	}
	sweep(filepath.Dir(dir))
	s := &services{dir: dir, chromium: tools.Chromium}
	if err := s.start(ctx, tools, fsync); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	fmt.Fprintf(os.Stderr, "services: postgres on %s, redis on %s, started in %.1f s\n",
		s.postgres.Addr(), s.redis.Addr(), time.Since(begin).Seconds())
	return s, nil
}

func (s *services) start(ctx context.Context, tools find.Tools, fsync bool) error {
	if err := os.WriteFile(filepath.Join(s.dir, ownerFile), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return err
	}
	redisDir, postgresDir := filepath.Join(s.dir, "redis"), filepath.Join(s.dir, "postgres")
	if err := errors.Join(os.Mkdir(redisDir, 0o700), os.Mkdir(postgresDir, 0o700)); err != nil {
		return err
	}
	var settings []string
	if fsync {
		settings = []string{"fsync=on", "full_page_writes=on"}
	}
	s.redis = server.NewRedis(tools.Redis, redisDir)
	if err := s.redis.Start(ctx); err != nil {
		return err
	}
	s.postgres = server.NewPostgres(tools.Postgres, tools.Initdb, postgresDir, settings...)
	if err := s.postgres.Init(ctx); err != nil {
		return err
	}
	return s.postgres.Start(ctx)
}

// environment is what the command finds the services by.
func (s *services) environment() []string {
	return []string{
		"SPARK_TEST_POSTGRES_URL=" + s.postgres.URL("postgres"),
		"SPARK_TEST_REDIS_ADDR=" + s.redis.Addr(),
		"SPARK_TEST_CHROMIUM=" + s.chromium,
	}
}

// stop ends what runs and removes the folder. Nothing in it is worth a farewell.
func (s *services) stop() error {
	var err error
	if s.postgres != nil {
		err = errors.Join(err, s.postgres.Discard())
	}
	if s.redis != nil {
		err = errors.Join(err, s.redis.Kill())
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// sweep removes the folders of earlier runs that were killed before they could clean up. A folder that cannot be removed is
// somebody else's.
func sweep(parent string) {
	dirs, _ := filepath.Glob(filepath.Join(parent, dirPrefix+"*")) // the only error is a bad pattern
	for _, dir := range dirs {
		data, err := os.ReadFile(filepath.Join(dir, ownerFile))
		if err != nil {
			continue
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
		if err == nil && pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}
