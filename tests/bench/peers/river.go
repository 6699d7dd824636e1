package peers

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// River is riverqueue/river, with the intervals of its own benchmark.
type River struct {
	tally
	Env *Env

	database *Database
	pool     *pgxpool.Pool
	inserter *river.Client[pgx.Tx]
	worker   *river.Client[pgx.Tx]
	silence  func() // ends the subscription
}

type riverArgs struct{ body }

// Kind implements river.JobArgs.
func (riverArgs) Kind() string { return "noop" }

// Setup implements Peer.
func (p *River) Setup(ctx context.Context) (err error) {
	if p.database, err = p.Env.NewDatabase(ctx, nil); err != nil {
		return err
	}
	config, err := pgxpool.ParseConfig(p.database.URL)
	if err != nil {
		return err
	}
	config.MaxConns = Connections
	if p.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(p.pool), &rivermigrate.Config{Logger: quiet()})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	p.inserter, err = river.NewClient(riverpgxv5.New(p.pool), &river.Config{Logger: quiet()})
	return err
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Submit implements Peer.
func (p *River) Submit(ctx context.Context, l Load) (int, error) {
	return drive(ctx, l, func(ctx context.Context, since time.Time) error {
		_, err := p.inserter.Insert(ctx, riverArgs{body{since.UTC()}}, nil)
		return err
	})
}

// Load implements Loader.
func (p *River) Load(ctx context.Context, n int) error {
	const batch = 5000
	for n > 0 {
		params := make([]river.InsertManyParams, min(n, batch))
		for i := range params {
			params[i].Args = riverArgs{body{time.Now().UTC()}}
		}
		if _, err := p.inserter.InsertManyFast(ctx, params); err != nil {
			return err
		}
		n -= len(params)
	}
	return nil
}

type riverWorker struct {
	river.WorkerDefaults[riverArgs]
	peer *River
}

// Work implements river.Worker.
func (w *riverWorker) Work(_ context.Context, job *river.Job[riverArgs]) error {
	w.peer.started(job.Args.Since)
	return nil
}

// Work implements Peer.
func (p *River) Work(ctx context.Context, slots int) (err error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &riverWorker{peer: p})
	p.worker, err = river.NewClient(riverpgxv5.New(p.pool), &river.Config{
		Logger: quiet(), Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: slots}},
		FetchCooldown: 2 * time.Millisecond, FetchPollInterval: 20 * time.Millisecond,
	})
	if err != nil {
		return err
	}
	// The events come when the results are stored.
	events, silence := p.worker.SubscribeConfig(&river.SubscribeConfig{ChanSize: 1 << 18, Kinds: []river.EventKind{river.EventKindJobCompleted}})
	p.silence = silence
	go func() {
		for range events {
			p.ended()
		}
	}()
	return p.worker.Start(context.WithoutCancel(ctx))
}

// Counts implements Peer.
func (p *River) Counts(ctx context.Context) (c Counts, err error) {
	err = p.pool.QueryRow(ctx, "SELECT count(*) FILTER (WHERE state <> 'completed'), count(*) FILTER (WHERE state = 'completed') FROM river_job").
		Scan(&c.Waiting, &c.Done)
	return c, err
}

// Close implements Peer.
func (p *River) Close() error {
	if p.worker != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := p.worker.StopAndCancel(ctx); err != nil {
			return err
		}
		p.silence()
	}
	p.pool.Close()
	return p.database.Drop()
}
