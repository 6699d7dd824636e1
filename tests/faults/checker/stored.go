package checker

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
)

// Job is a job with its history, as it is stored.
type Job struct {
	*models.Job
	Events []models.Event
}

// Stored is what the database says in the end.
type Stored struct {
	Jobs      map[string]*Job
	Revisions map[string][]string // ids by job
	Artifacts map[string][]string
	Usage     map[UsageKey]UsageSum // of the accounts under test, without analytics, whose last jobs count themselves
	order     []string
}

// UsageKey is what usage is added up by.
type UsageKey struct {
	Account string
	Kind    models.Kind
}

// UsageSum is the usage of a run.
type UsageSum struct{ Jobs, Failures, TokensOut, Bytes int64 }

// Read reads everything about the accounts' jobs.
func Read(ctx context.Context, s *store.Store, url string, accounts []string) (*Stored, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	st := &Stored{Jobs: make(map[string]*Job), Usage: make(map[UsageKey]UsageSum)}
	if err := st.readJobs(ctx, s, conn, accounts); err != nil {
		return nil, fmt.Errorf("read the jobs: %w", err)
	}
	if st.Revisions, err = byJob(ctx, conn, "SELECT job_id, id FROM revisions WHERE job_id <> ''"); err != nil {
		return nil, fmt.Errorf("read the revisions: %w", err)
	}
	if st.Artifacts, err = byJob(ctx, conn, "SELECT job_id, id FROM artifacts"); err != nil {
		return nil, fmt.Errorf("read the artifacts: %w", err)
	}
	for _, a := range accounts {
		rows, err := s.Usage.Usage(ctx, a, models.UsageFilter{Period: models.PeriodDay})
		if err != nil {
			return nil, fmt.Errorf("read the usage: %w", err)
		}
		for _, u := range rows {
			if u.Kind != models.KindAnalytics {
				k := UsageKey{a, u.Kind}
				sum := st.Usage[k]
				st.Usage[k] = UsageSum{sum.Jobs + u.Jobs, sum.Failures + u.Failures, sum.TokensOut + u.TokensOut, sum.Bytes + u.Bytes}
			}
		}
	}
	return st, nil
}

func (st *Stored) readJobs(ctx context.Context, s *store.Store, conn *pgx.Conn, accounts []string) error {
	rows, err := conn.Query(ctx, "SELECT id, account_id FROM jobs WHERE account_id = ANY($1) ORDER BY id", accounts)
	if err != nil {
		return err
	}
	type key struct{ id, account string }
	keys, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (k key, err error) { return k, r.Scan(&k.id, &k.account) })
	if err != nil {
		return err
	}
	for _, k := range keys {
		job, err := s.Jobs.Job(ctx, k.account, k.id)
		if err != nil {
			return err
		}
		events, err := s.Jobs.Events(ctx, k.account, k.id, 0, math.MaxInt32)
		if err != nil {
			return err
		}
		st.Jobs[k.id] = &Job{job, events}
		st.order = append(st.order, k.id)
	}
	return nil
}

func byJob(ctx context.Context, conn *pgx.Conn, query string) (map[string][]string, error) {
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	all := make(map[string][]string)
	var job, id string
	_, err = pgx.ForEachRow(rows, []any{&job, &id}, func() error { all[job] = append(all[job], id); return nil })
	return all, err
}
