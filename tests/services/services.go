package main

import (
	"cmp"
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

// services are the running servers of one run, and their folder.
type services struct {
	dir      string
	postgres *server.Postgres
	redis    *server.Redis
	docker   *server.Docker // nil if one answers already, or none can be started
	chromium string

	dockerHost    string // "" when there is none
	dockerProblem error  // why there is none
}

func startServices(ctx context.Context, tools find.Tools, fsync bool) (*services, error) {
	begin := time.Now()
	dir, err := server.TempDir(dirPrefix)
	if err != nil {
		return nil, err
	}
	sweep(filepath.Dir(dir))
	s := &services{dir: dir, chromium: tools.Chromium, dockerHost: tools.DockerHost}
	if err := s.start(ctx, tools, fsync); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	fmt.Fprintf(os.Stderr, "services: postgres on %s, redis on %s, docker %s, started in %.1f s\n",
		s.postgres.Addr(), s.redis.Addr(), cmp.Or(s.dockerHost, "missing"), time.Since(begin).Seconds())
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
	// The daemon takes the longest, and only its own tests need it.
	defer s.startDocker(ctx, tools.Dockerd)()
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

// startDocker starts a Docker daemon in the background; the function that it returns waits for it. A daemon that does not start
// fails only the tests that need it.
func (s *services) startDocker(ctx context.Context, dockerd string) (wait func()) {
	if s.dockerHost != "" || dockerd == "" {
		return func() {}
	}
	dir := filepath.Join(s.dir, "docker")
	s.docker = server.NewDocker(dockerd, dir)
	done := make(chan error, 1)
	go func() {
		if err := os.Mkdir(dir, 0o700); err != nil {
			done <- err
			return
		}
		done <- s.docker.Start(ctx)
	}()
	return func() {
		if s.dockerProblem = <-done; s.dockerProblem == nil {
			s.dockerHost = s.docker.Host()
		} else {
			fmt.Fprintf(os.Stderr, "services: %s\n", s.dockerProblem)
		}
	}
}

// environment tells the command where the services are.
func (s *services) environment() []string {
	problem := ""
	if s.dockerProblem != nil {
		problem = s.dockerProblem.Error()
	}
	return []string{
		"SPARK_TEST_DOCKER_HOST=" + s.dockerHost,
		"SPARK_TEST_DOCKER_PROBLEM=" + problem,
		"SPARK_TEST_POSTGRES_URL=" + s.postgres.URL("postgres"),
		"SPARK_TEST_REDIS_ADDR=" + s.redis.Addr(),
		"SPARK_TEST_CHROMIUM=" + s.chromium,
	}
}

// stop ends the servers and removes the folder. Nothing in it is worth a clean shutdown.
func (s *services) stop() error {
	var err error
	if s.postgres != nil {
		err = errors.Join(err, s.postgres.Discard())
	}
	if s.redis != nil {
		err = errors.Join(err, s.redis.Kill())
	}
	if s.docker != nil {
		err = errors.Join(err, s.docker.Stop())
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// sweep removes the folders of earlier runs that were killed before they could clean up. A folder that cannot be removed belongs
// to another user.
func sweep(parent string) {
	dirs, _ := filepath.Glob(filepath.Join(parent, dirPrefix+"*")) // the only error is a bad pattern
	for _, dir := range dirs {
		data, err := os.ReadFile(filepath.Join(dir, ownerFile))
		if err != nil {
			continue
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
		if err == nil && pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			server.UnmountBelow(dir)
			_ = os.RemoveAll(dir)
		}
	}
}
