package peers

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

	"github.com/spark-games/spark/tests/services/process"
)

// Cluster is Spark's own programs as processes, with their default settings.
type Cluster struct {
	URL, Key  string
	Processes map[string]*process.Process // by the program's name

	dir      string
	database *Database
	env      []string
}

// startWithin bounds how long a program may take until it serves.
const startWithin = time.Minute

// Programs are the three programs of a cluster.
func Programs() []string { return []string{"api", "worker", "scheduler"} }

// NewCluster compiles the programs and starts the named ones, the api among them, on an empty Redis and a copy of a database; nil is an
// empty one.
func NewCluster(ctx context.Context, e *Env, from *Database, programs ...string) (_ *Cluster, err error) {
	bin, err := e.build(ctx)
	if err != nil {
		return nil, err
	}
	c := &Cluster{Processes: make(map[string]*process.Process)}
	if c.dir, err = os.MkdirTemp(e.Dir, "cluster-"); err != nil {
		return nil, err
	}
	if c.database, err = e.NewDatabase(ctx, from); err != nil {
		return nil, err
	}
	redisURL, err := e.NewRedis(ctx)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "SPARK_") {
			c.env = append(c.env, v)
		}
	}
	c.env = append(c.env, "SPARK_DATABASE_URL="+c.database.URL, "SPARK_REDIS_URL="+redisURL, "SPARK_BLOB_DIR="+filepath.Join(c.dir, "blobs"),
		"SPARK_KEY_PEPPER=the pepper of a benchmark", "SPARK_LOG_FORMAT=json", "SPARK_ADDR=127.0.0.1:0", "SPARK_MIGRATE=true",
		// No containers: the daemon's processes would be measured as well.
		"SPARK_SANDBOX=local", "SPARK_SANDBOX_MIN=open")
	for _, name := range programs {
		if err := c.start(bin, name); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	if err := c.ready(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// build compiles the programs as the product's own module has them, not with the versions that the peers ask for.
func (e *Env) build(ctx context.Context) (bin string, err error) {
	bin = filepath.Join(e.Dir, "bin")
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/spark-games/spark").Output()
	if err != nil {
		return "", fmt.Errorf("find the product's module: %w", err)
	}
	args := []string{"build", "-C", strings.TrimSpace(string(root)), "-o", bin + "/"}
	for _, name := range Programs() {
		args = append(args, "./cmd/"+name)
	}
	if out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("compile the programs: %w\n%s", err, out)
	}
	return bin, nil
}

func (c *Cluster) data(name string) string { return filepath.Join(c.dir, name) }
func (c *Cluster) log(name string) string  { return filepath.Join(c.dir, name+".log") }

func (c *Cluster) start(bin, name string) error {
	log, err := os.Create(c.log(name))
	if err != nil {
		return err
	}
	defer log.Close()
	c.Processes[name], err = process.Start(process.Spec{Path: filepath.Join(bin, name), Env: append(c.env, "SPARK_DATA_DIR="+c.data(name)), Stderr: log})
	return err
}

var startedURL = regexp.MustCompile(`"started".*"url":"(http://[^"]+)"`)

// ready waits until the API answers that it is.
func (c *Cluster) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for c.URL == "" || !answers(ctx, c.URL+"/readyz") {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the api is not ready: %w\n%s", ctx.Err(), process.Tail(c.log("api"), 10))
		case <-c.Processes["api"].Done():
			return fmt.Errorf("the api ended:\n%s", process.Tail(c.log("api"), 10))
		case <-time.After(20 * time.Millisecond):
		}
		said, err := os.ReadFile(c.log("api"))
		if err != nil {
			return err
		}
		if m := startedURL.FindSubmatch(said); m != nil {
			c.URL = string(m[1])
		}
	}
	key, err := os.ReadFile(filepath.Join(c.data("api"), "api-key"))
	c.Key = string(bytes.TrimSpace(key))
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
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Close stops the programs and removes what they stored.
func (c *Cluster) Close() error {
	var errs []error
	for _, p := range c.Processes {
		if p != nil {
			errs = append(errs, p.Stop(syscall.SIGTERM, startWithin))
		}
	}
	return errors.Join(append(errs, c.database.Drop(), os.RemoveAll(c.dir))...)
}
