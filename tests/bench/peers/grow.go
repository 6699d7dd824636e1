package peers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// GrownAccounts is over how many accounts the jobs of a grown database are spread.
const GrownAccounts = 200

// Grown makes a database of Spark's with so many finished jobs, and as many that wait in a queue that no worker of the benchmarks
// serves. One job of each sort and account is made by Spark itself; the others are copies of these, in all tables, whatever tables there are.
func Grown(ctx context.Context, e *Env, each int) (*Database, error) {
	template := &Spark{Env: e}
	if err := template.Setup(ctx); err != nil {
		return nil, err
	}
	finished, err := finishedTemplates(ctx, template)
	// What waits is made without a dispatcher, which would release it.
	if err := errors.Join(err, template.stop()); err != nil {
		return nil, err
	}
	waiting, err := waitingTemplates(ctx, template.url)
	if err != nil {
		return nil, err
	}
	return template.database, copyJobs(ctx, template.url, append(finished, waiting...), each/GrownAccounts)
}

// finishedTemplates runs one job for each account.
func finishedTemplates(ctx context.Context, p *Spark) (ids []string, err error) {
	if err := p.Work(ctx, GrownAccounts); err != nil {
		return nil, err
	}
	for range GrownAccounts {
		project, err := newProject(ctx, p.store)
		if err != nil {
			return nil, err
		}
		job, err := p.service.Submit(ctx, noopRequest(project, time.Now()))
		if err != nil {
			return nil, err
		}
		ids = append(ids, job.ID)
	}
	_, err = p.Finished(ctx, GrownAccounts)
	return ids, errors.Join(err, ctx.Err())
}

// waitingTemplates leaves one build of low priority for each account.
func waitingTemplates(ctx context.Context, url string) (ids []string, err error) {
	st, err := store.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	service := &jobs.Service{Intake: intake{st.Jobs, st.Projects, st.Artifacts, st.Spending}, Providers: func(string) bool { return true },
		Ready: func() error { return nil }, Changed: func([]string, []models.Queue) {}, Accounts: accounts.NewDirectory(st.Accounts)}
	for range GrownAccounts {
		project, err := newProject(ctx, st)
		if err != nil {
			return nil, err
		}
		job, err := service.Submit(ctx, jobs.JobRequest{AccountID: project.AccountID, ProjectID: project.ID, Kind: models.KindBuild,
			Priority: models.PriorityLow})
		if err != nil {
			return nil, err
		}
		ids = append(ids, job.ID)
	}
	return ids, nil
}

// copyJobs copies every row that belongs to one of the jobs so many times, under new ids: the last twelve digits are the copy's number.
func copyJobs(ctx context.Context, url string, ids []string, copies int) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica"); err != nil { // no checks of references: all tables are copied
		return err
	}
	tables, err := jobTables(ctx, conn, ids)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := conn.Exec(ctx, t.copySQL(), ids, copies); err != nil {
			return fmt.Errorf("copy rows of %s: %w", t.name, err)
		}
	}
	// As autovacuum would have left them.
	_, err = conn.Exec(ctx, "VACUUM (ANALYZE, FREEZE)")
	return err
}

// jobTable is a table with rows of jobs.
type jobTable struct {
	name    string
	columns []string
	ids     []string // the columns that hold ids of jobs
}

func (t jobTable) copySQL() string {
	var values, where []string
	for _, c := range t.columns {
		if slices.Contains(t.ids, c) {
			where = append(where, "r."+c+" = ANY ($1)")
			c = fmt.Sprintf("CASE WHEN r.%[1]s = ANY ($1) THEN left(r.%[1]s, 24) || lpad(to_hex(n), 12, '0') ELSE r.%[1]s END", c)
		} else {
			c = "r." + c
		}
		values = append(values, c)
	}
	return fmt.Sprintf("INSERT INTO %[1]s (%[2]s) SELECT %[3]s FROM %[1]s r, generate_series(1, $2::int) n WHERE %[4]s",
		t.name, strings.Join(t.columns, ", "), strings.Join(values, ", "), strings.Join(where, " OR "))
}

// jobTables finds the tables with rows of the jobs, and in which columns their ids are. Columns that number themselves are left out.
func jobTables(ctx context.Context, conn *pgx.Conn, ids []string) ([]jobTable, error) {
	rows, err := conn.Query(ctx, `SELECT table_name, column_name, data_type = 'text' FROM information_schema.columns
		WHERE table_schema = 'public' AND is_identity = 'NO' AND is_generated = 'NEVER' AND coalesce(column_default, '') NOT LIKE 'nextval(%'
		ORDER BY table_name, ordinal_position`)
	if err != nil {
		return nil, err
	}
	var all []jobTable
	var table, column string
	var isText bool
	texts := make(map[string][]string)
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &isText}, func() error {
		if len(all) == 0 || all[len(all)-1].name != table {
			all = append(all, jobTable{name: table})
		}
		t := &all[len(all)-1]
		t.columns = append(t.columns, column)
		if isText {
			texts[table] = append(texts[table], column)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var found []jobTable
	for _, t := range all {
		for _, c := range texts[t.name] {
			var holds bool
			err := conn.QueryRow(ctx, fmt.Sprintf("SELECT EXISTS (SELECT FROM %s WHERE %s = ANY ($1))", t.name, c), ids).Scan(&holds)
			if err != nil {
				return nil, err
			}
			if holds {
				t.ids = append(t.ids, c)
			}
		}
		if len(t.ids) > 0 {
			found = append(found, t)
		}
	}
	return found, nil
}
