package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// startWithin is how long a program may take to start on a busy machine. The first builds on a new machine install the engine
// and make its image.
const (
	startWithin = time.Minute
	jobWithin   = 4 * time.Minute
)

// dev is a platform in one process, on its own data folder.
type dev struct {
	client
	*program
	dir string
}

var devURL = regexp.MustCompile(`Spark is running at (http://\S+)`)

// runDev starts "spark dev" on a folder, and waits until it is ready.
func runDev(dir string, args, env []string) (*dev, error) {
	env = append([]string{"SPARK_DATA_DIR=" + dir, "SPARK_ADDR=127.0.0.1:0"}, env...)
	p, err := launch(filepath.Dir(dir), "spark", append([]string{"dev"}, args...), env)
	if err != nil {
		return nil, err
	}
	d := &dev{program: p, dir: dir}
	if d.url, err = p.find(p.stdout, devURL, startWithin); err == nil {
		var key []byte
		key, err = os.ReadFile(filepath.Join(dir, "api-key"))
		d.key = strings.TrimSpace(string(key))
	}
	if err != nil {
		p.kill()
	}
	return d, err
}

// startDev is runDev for one test.
func startDev(t *testing.T, dir string, env ...string) *dev {
	t.Helper()
	d, err := runDev(dir, nil, env)
	require.NoError(t, err)
	t.Cleanup(func() {
		d.kill()
		if t.Failed() {
			t.Logf("spark dev said:\n%s", d.said())
		}
	})
	return d
}

// sharedDir is the folder of the run.
var sharedDir string

// sharedDev is a platform for all tests that do not disturb it.
var sharedDev = sync.OnceValues(func() (*dev, error) {
	d, err := runDev(filepath.Join(sharedDir, "data"), nil, nil)
	if err == nil {
		shared.add(func() error { return d.Stop(syscall.SIGTERM, 30*time.Second) })
	}
	return d, err
})

func commonDev(t *testing.T) *dev {
	t.Helper()
	d, err := sharedDev()
	require.NoError(t, err)
	return d
}

// sharedContained is a platform that builds in containers only, for the same tests as sharedDev.
var sharedContained = sync.OnceValues(func() (*dev, error) {
	d, err := runDev(filepath.Join(sharedDir, "contained"), nil, []string{"SPARK_SANDBOX=docker", "SPARK_DOCKER_HOST=" + os.Getenv("SPARK_TEST_DOCKER_HOST")})
	if err == nil {
		shared.add(func() error { return d.Stop(syscall.SIGTERM, 30*time.Second) })
	}
	return d, err
})

func containedDev(t *testing.T) *dev {
	t.Helper()
	testenv.Docker(t) // says what to do when there is none
	d, err := sharedContained()
	require.NoError(t, err)
	return d
}

// cluster is a platform in three processes, on Postgres and Redis.
type cluster struct {
	client
	t                      *testing.T
	env                    []string
	api, worker, scheduler *program
}

// clusterOptions choose a cluster's services; the zero values are the run's own Postgres and Redis.
type clusterOptions struct {
	postgres, redis, blobs string
	env                    []string
}

// startedURL finds in a program's log where it listens.
var startedURL = regexp.MustCompile(`"started".*"url":"(http://[^"]+)"`)

// startedRole finds in a program's log that it runs.
var startedRole = regexp.MustCompile(`"(started)"`)

// startCluster starts an API, a worker and a scheduler, each with a separate data folder, as on three machines: they share the
// database, Redis, the blobs and the pepper.
func startCluster(t *testing.T, o clusterOptions) *cluster {
	t.Helper()
	if o.postgres == "" {
		o.postgres = testenv.Postgres(t)
	}
	if o.redis == "" {
		o.redis = testenv.Redis(t)
	}
	if o.blobs == "" {
		o.blobs = t.TempDir()
	}
	c := &cluster{t: t, env: append([]string{
		"SPARK_DATABASE_URL=" + o.postgres, "SPARK_REDIS_URL=" + o.redis, "SPARK_BLOB_DIR=" + o.blobs,
		"SPARK_KEY_PEPPER=a pepper that all share", "SPARK_LOG_FORMAT=json",
	}, o.env...)}
	migrate := start(t, "spark", []string{"migrate"}, c.env)
	require.Equal(t, 0, migrate.exit(t, startWithin), migrate.said())
	data := t.TempDir()
	c.api = c.start("api", "SPARK_ADDR=127.0.0.1:0", "SPARK_DATA_DIR="+data)
	c.worker = c.startWorker()
	c.scheduler = c.start("scheduler")
	var err error
	c.url, err = c.api.find(c.api.stderr, startedURL, startWithin)
	require.NoError(t, err)
	eventually(t, startWithin, "the API is ready", func() bool {
		require.False(t, c.api.ended(), "the API ended")
		a, err := c.try("GET", "/readyz", nil)
		return err == nil && a.status == 200
	})
	key, err := os.ReadFile(filepath.Join(data, "api-key"))
	require.NoError(t, err)
	c.key = strings.TrimSpace(string(key))
	return c
}

func (c *cluster) start(name string, env ...string) *program {
	c.t.Helper()
	env = append([]string{"SPARK_DATA_DIR=" + c.t.TempDir()}, env...)
	return start(c.t, name, nil, append(append([]string{}, c.env...), env...))
}

// startWorker starts another worker.
func (c *cluster) startWorker(env ...string) *program {
	c.t.Helper()
	return c.start("worker", env...)
}
