package inject

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/spark-games/spark/tests/faults/cluster"
)

// The faults after which the platform should accept again at once.
const (
	RestartPostgres = "postgres restarted"
	KillPostgres    = "postgres killed"
)

func postgresFaults() []Fault {
	return []Fault{
		{Type: RestartPostgres, Least: 0, Most: time.Second, Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
			return Hit{"postgres", c.Postgres.Start}, c.Postgres.Stop()
		}},
		{Type: KillPostgres, Least: 0, Most: 2 * time.Second, Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
			return Hit{"postgres", c.Postgres.Start}, c.Postgres.Kill()
		}},
		{Type: "postgres connections cut", Inject: func(ctx context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
			return Hit{"postgres", nothing}, execute(ctx, c, cutAll)
		}},
		{Type: "postgres stalled", Least: time.Second, Most: 6 * time.Second, Inject: stall},
		{Type: "postgres serialization failures", Least: 2 * time.Second, Most: 5 * time.Second, Inject: serializable},
	}
}

const cutAll = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"

// stall locks the jobs: every statement about them hangs until it is healed or gives up.
func stall(ctx context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
	conn, err := pgx.Connect(ctx, c.DatabaseURL())
	if err != nil {
		return Hit{}, err
	}
	tx, err := lock(ctx, conn)
	if err != nil {
		return Hit{}, errors.Join(err, conn.Close(ctx))
	}
	return Hit{"postgres", func(ctx context.Context) error { return errors.Join(tx.Rollback(ctx), conn.Close(ctx)) }}, nil
}

// lock takes one table after the other, as a transaction of the platform may do the other way round: then it is this one that Postgres may
// refuse, and it begins anew.
func lock(ctx context.Context, conn *pgx.Conn) (pgx.Tx, error) {
	for {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return nil, err
		}
		_, err = tx.Exec(ctx, "LOCK TABLE jobs, job_queue IN ACCESS EXCLUSIVE MODE")
		if err == nil {
			return tx, nil
		}
		if e := (*pgconn.PgError)(nil); !errors.As(err, &e) || e.Code != "40P01" {
			return nil, errors.Join(err, tx.Rollback(ctx))
		}
		if err := tx.Rollback(ctx); err != nil {
			return nil, err
		}
	}
}

// serializable makes all transactions serializable, so that concurrent ones fail.
func serializable(ctx context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
	set := func(ctx context.Context, how string) error {
		return execute(ctx, c, "ALTER DATABASE postgres "+how, cutAll)
	}
	return Hit{"postgres", func(ctx context.Context) error { return set(ctx, "RESET default_transaction_isolation") }},
		set(ctx, "SET default_transaction_isolation = 'serializable'")
}

func execute(ctx context.Context, c *cluster.Cluster, statements ...string) error {
	conn, err := pgx.Connect(ctx, c.DatabaseURL())
	if err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return errors.Join(err, conn.Close(ctx))
		}
	}
	return conn.Close(ctx)
}
