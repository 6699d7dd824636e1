package peers

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Spark is Spark without its HTTP API: store, service, dispatcher, repairer, asynq and executor as its programs wire them, all in one
// process, with a handler that does nothing.
type Spark struct {
	tally
	Env *Env
	// From is a database to start from; nil is an empty one.
	From *Database
	// Embedded uses SQLite and a Redis in the process.
	Embedded bool
	// Window is how many jobs are released ahead of the workers, also when there are none; 0 follows what they take.
	Window int

	database *Database
	redis    *miniredis.Miniredis
	*platform
	before Counts // what the database held at the start

	handed releases
}

// maxWindow limits the window as the programs do.
const maxWindow = 4096

// Setup implements Peer.
func (p *Spark) Setup(ctx context.Context) error {
	databaseURL, redisURL, err := p.stores(ctx)
	if err != nil {
		return err
	}
	if p.platform, err = newPlatform(ctx, databaseURL, redisURL, p.Window, p.handed.add); err != nil {
		return err
	}
	p.before, err = p.count(ctx)
	return err
}

func (p *Spark) stores(ctx context.Context) (databaseURL, redisURL string, err error) {
	if p.Embedded {
		p.redis = miniredis.NewMiniRedis()
		err = p.redis.StartAddr("127.0.0.1:0")
		return "sqlite://" + filepath.Join(p.Env.Dir, models.NewID()+".db"), "redis://" + p.redis.Addr() + "/0", err
	}
	if p.database, err = p.Env.NewDatabase(ctx, p.From); err != nil {
		return "", "", err
	}
	redisURL, err = p.Env.NewRedis(ctx)
	return p.database.URL, redisURL, err
}

// Submit implements Peer.
func (p *Spark) Submit(ctx context.Context, l Load) (int, error) {
	return drive(ctx, l, func(ctx context.Context, since time.Time) error {
		_, err := p.service.Submit(ctx, noopRequest(p.project, since))
		return err
	})
}

// noopRequest asks for a job of the kind whose input has room for a time.
func noopRequest(project *models.Project, since time.Time) jobs.JobRequest {
	return jobs.JobRequest{AccountID: project.AccountID, ProjectID: project.ID, Kind: models.KindAnalytics, Input: payload(since)}
}

// Work implements Peer.
func (p *Spark) Work(_ context.Context, slots int) error {
	return p.work(slots, noop{&p.tally}, p.ended)
}

// noop is the handler of the jobs.
type noop struct{ tally *tally }

// Run implements jobs.Handler.
func (n noop) Run(_ context.Context, a *jobs.Attempt) (*jobs.Result, error) {
	var in jobs.AnalyticsInput
	if err := json.Unmarshal(a.Job.Input, &in); err != nil {
		return nil, err
	}
	n.tally.started(*in.Since)
	return &jobs.Result{}, nil
}

// Counts implements Peer.
func (p *Spark) Counts(ctx context.Context) (Counts, error) {
	now, err := p.count(ctx)
	return now.minus(p.before), err
}

// count counts the jobs of the kind that the peer submits.
func (p *Spark) count(ctx context.Context) (c Counts, err error) {
	if path, embedded := strings.CutPrefix(p.url, "sqlite://"); embedded {
		return countJobs(ctx, "sqlite", path)
	}
	return countJobs(ctx, "pgx", p.url)
}

func countJobs(ctx context.Context, driver, source string) (c Counts, err error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return c, err
	}
	defer db.Close()
	return c, db.QueryRowContext(ctx, `SELECT count(CASE WHEN state <> 'succeeded' THEN 1 END), count(CASE WHEN state = 'succeeded' THEN 1 END)
		FROM jobs WHERE kind = 'analytics' AND account_id <> $1`, models.SystemAccountID).Scan(&c.Waiting, &c.Done)
}

// Released implements Releaser.
func (p *Spark) Released(ctx context.Context, n int) error { return p.handed.wait(ctx, n) }

// Close implements Peer.
func (p *Spark) Close() error {
	err := p.stop()
	if p.Embedded {
		p.redis.Close()
		return err
	}
	return errors.Join(err, p.database.Drop())
}

// releases counts what the dispatcher has handed to Redis.
type releases struct {
	mu      sync.Mutex
	n       int
	changed chan struct{}
}

func (r *releases) add(_ models.Queue, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n += n
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

func (r *releases) wait(ctx context.Context, n int) error {
	for {
		r.mu.Lock()
		enough := r.n >= n
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.mu.Unlock()
		if enough {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// newProject makes an account with a project, for which jobs can be submitted.
func newProject(ctx context.Context, st *store.Store) (*models.Project, error) {
	account := &models.Account{ID: models.NewID(), Name: "bench"}
	if err := st.Accounts.CreateAccount(ctx, account); err != nil {
		return nil, err
	}
	project := &models.Project{ID: models.NewID(), AccountID: account.ID, Name: "bench", Engine: "phaser"}
	return project, st.Projects.CreateProject(ctx, project)
}
