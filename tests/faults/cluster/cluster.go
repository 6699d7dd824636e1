// Package cluster runs a whole platform for the fault suite: two processes of each role, a Postgres and a Redis of its own, and a
// proxy between every two of them.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/jackc/pgx/v5"

	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/services/find"
	"github.com/spark-games/spark/tests/services/server"
)

const pollEvery = 20 * time.Millisecond

// startWithin is how long the platform may take to be ready on a busy machine.
const startWithin = 2 * time.Minute

const (
	pepper     = "a pepper that all processes share"
	database   = "postgres"
	perRole    = 2
	clientName = "client"
)

// Options say what to run.
type Options struct {
	Programs string // the folder of the programs, see Build
	ModelURL string // of the model server
	AOF      bool   // Redis keeps its data through a restart
	Sentinel bool   // Redis has a replica, and a Sentinel that replaces it
	Clocks   bool   // those of the programs can be shifted
	Docker   bool   // builds run in containers
	Env      []string
}

// Cluster is a running platform.
type Cluster struct {
	Postgres *server.Postgres
	Redis    *server.Redis
	Replica  *server.Redis    // nil without Sentinel
	Sentinel *server.Sentinel // nil for a Redis that is alone
	Docker   *server.Docker   // nil if builds run in local processes
	Nodes    []*Node
	Links    []*Link
	Dir      string
	// Store is the harness's own connection to the database, which no fault of the network touches.
	Store *store.Store

	programs string
	clocks   bool
	bounded  bool // the blobs are in a file system that can be full
}

// Start starts everything and waits until it is ready. Close the cluster also after an error, unless it is nil.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	dir, err := server.TempDir("spark-faults-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{Dir: dir, programs: o.Programs, clocks: o.Clocks}
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	return c, c.start(ctx, o)
}

func (c *Cluster) start(ctx context.Context, o Options) error {
	if err := c.startServices(ctx, o); err != nil {
		return err
	}
	if err := c.makeNodes(ctx, o); err != nil {
		return err
	}
	for _, n := range c.Nodes {
		if err := n.Start(); err != nil {
			return err
		}
	}
	for _, n := range c.Nodes {
		if err := n.Ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) startServices(ctx context.Context, o Options) error {
	redis, err := find.Redis()
	if err != nil {
		return err
	}
	postgres, initdb, err := find.Postgres()
	if err != nil {
		return err
	}
	postgresDir := filepath.Join(c.Dir, "postgres")
	if err := errors.Join(os.Mkdir(postgresDir, 0o700), os.Mkdir(c.Blobs(), 0o700)); err != nil {
		return err
	}
	c.bounded = boundFolder(c.Blobs())
	if err := c.startRedis(ctx, redis, o); err != nil {
		return err
	}
	if o.Docker {
		if err := c.startDocker(ctx); err != nil {
			return err
		}
	}
	c.Postgres = server.NewPostgres(postgres, initdb, postgresDir)
	if err := c.Postgres.Init(ctx); err != nil {
		return err
	}
	if err := c.Postgres.Start(ctx); err != nil {
		return err
	}
	c.Store, err = store.Open(ctx, c.DatabaseURL())
	return err
}

// makeNodes makes the processes and their links. Each has links of its own, so that each can lose its network alone.
func (c *Cluster) makeNodes(ctx context.Context, o Options) error {
	proxies := newToxiproxy()
	for _, role := range []Role{API, Worker, Scheduler} {
		for i := range perRole {
			name := fmt.Sprintf("%s-%d", role, i+1)
			env, err := c.environment(ctx, proxies, role, name, o)
			if err != nil {
				return err
			}
			n, err := newNode(ctx, role, name, o.Programs, c.Dir, env)
			if err != nil {
				return err
			}
			c.Nodes = append(c.Nodes, n)
			if role == API {
				if _, err := c.link(ctx, proxies, clientName, name, n.Addr()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (c *Cluster) environment(ctx context.Context, proxies *toxiproxy.ApiServer, role Role, name string, o Options) ([]string, error) {
	db, err := c.link(ctx, proxies, name, "postgres", c.Postgres.Addr())
	if err != nil {
		return nil, err
	}
	redis, err := c.redisURL(ctx, proxies, name)
	if err != nil {
		return nil, err
	}
	env := []string{
		"SPARK_DATABASE_URL=" + c.Postgres.URLAt(db.Addr(), database), "SPARK_REDIS_URL=" + redis,
		"SPARK_BLOB_DIR=" + c.Blobs(), "SPARK_KEY_PEPPER=" + pepper, "SPARK_LOG_FORMAT=json",
		"SPARK_CONCURRENCY=generation=12,build=2,export=2,analytics=1",
	}
	if c.Docker != nil {
		env = append(env, "SPARK_SANDBOX=docker", "SPARK_SANDBOX_MIN=docker", "SPARK_DOCKER_HOST="+c.Docker.Host())
	} else {
		env = append(env, "SPARK_SANDBOX=local", "SPARK_SANDBOX_MIN=open")
	}
	url := o.ModelURL // an API only checks that there is one
	if role == Worker {
		model, err := c.link(ctx, proxies, name, "model", url[len("http://"):])
		if err != nil {
			return nil, err
		}
		url = "http://" + model.Addr()
	}
	env = append(env, "SPARK_PROVIDER=openai", "SPARK_OPENAI_BASE_URL="+url+"/v1", "SPARK_OPENAI_MODEL="+aitest.Model,
		"SPARK_OPENAI_API_KEY="+aitest.Key, "SPARK_OPENAI_IDLE_TIMEOUT=10s")
	return append(env, o.Env...), nil
}

func (c *Cluster) link(ctx context.Context, proxies *toxiproxy.ApiServer, from, to, upstream string) (*Link, error) {
	l, err := newLink(ctx, proxies, from, to, upstream)
	if err != nil {
		return nil, err
	}
	c.Links = append(c.Links, l)
	return l, nil
}

// DatabaseURL is the database without a proxy.
func (c *Cluster) DatabaseURL() string { return c.Postgres.URL(database) }

// Blobs is the folder of the blob store.
func (c *Cluster) Blobs() string { return filepath.Join(c.Dir, "blobs") }

// Of are the nodes of a role.
func (c *Cluster) Of(role Role) (all []*Node) {
	for _, n := range c.Nodes {
		if n.Role == role {
			all = append(all, n)
		}
	}
	return all
}

// URLs are the addresses of the APIs, as clients know them.
func (c *Cluster) URLs() (all []string) {
	for _, l := range c.Links {
		if l.From == clientName {
			all = append(all, "http://"+l.Addr())
		}
	}
	return all
}

// NewAccount makes an account, and returns its id and a key.
func (c *Cluster) NewAccount(ctx context.Context, name string, weight int) (id, key string, err error) {
	plain, prefix := auth.NewKey()
	account := &models.Account{ID: models.NewID(), Name: name, Weight: weight}
	if err := c.Store.Accounts.CreateAccount(ctx, account); err != nil {
		return "", "", err
	}
	return account.ID, plain, c.Store.Accounts.CreateAPIKey(ctx, &models.APIKey{ID: models.NewID(), AccountID: account.ID,
		Name: "a key", Role: models.RoleUser, Hash: auth.Hash([]byte(pepper), plain), Prefix: prefix})
}

// LastPosition is the position of an account's newest event; an error if there are events that have none yet.
func (c *Cluster) LastPosition(ctx context.Context, account string) (last int64, err error) {
	conn, err := pgx.Connect(ctx, c.DatabaseURL())
	if err != nil {
		return 0, err
	}
	waiting := false
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM event_outbox), coalesce(max(position), 0) FROM event_stream WHERE account_id = $1`, account).
		Scan(&waiting, &last)
	if err == nil && waiting {
		err = errors.New("events wait for their position")
	}
	return last, errors.Join(err, conn.Close(ctx))
}

// Close ends everything at once and removes the folder, unless keep says that it is still of interest.
func (c *Cluster) Close(keep bool) error {
	var errs []error
	for _, n := range c.Nodes {
		errs = append(errs, n.Kill())
	}
	for _, l := range c.Links {
		l.Refuse()
	}
	if c.Store != nil {
		errs = append(errs, c.Store.Close())
	}
	errs = append(errs, c.stopRedis(), c.stopDocker())
	if c.Postgres != nil {
		errs = append(errs, c.Postgres.Discard())
	}
	if c.bounded && !keep {
		errs = append(errs, unboundFolder(c.Blobs()))
	}
	if !keep {
		errs = append(errs, os.RemoveAll(c.Dir))
	}
	return errors.Join(errs...)
}
