package store

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// schema25 loads testdata/schema25-*.sql: dumps by pg_dump and sqlite3 of platforms with the schema of version 25. They have made
// games, failed at some, were killed at work, and have jobs that wait.
func schema25(t *testing.T, url string) {
	t.Helper()
	require.NoError(t, withDB(url, func(d *db) error {
		name, _ := d.dialect.migrations()
		dump, err := os.ReadFile("testdata/schema25-" + strings.TrimSuffix(string(name), "3") + ".sql")
		require.NoError(t, err)
		_, err = d.migrations.ExecContext(t.Context(), string(dump))
		return err
	}))
}

// content is all rows of some columns, by table; and the jobs as their readers see them.
type content struct {
	columns map[string][]string
	rows    map[string][]string
	jobs    map[string]string
}

// contentOf reads the columns that are given, or all that there are.
func contentOf(t *testing.T, url string, columns map[string][]string) (c content) {
	t.Helper()
	require.NoError(t, withDB(url, func(d *db) error {
		c = content{columns: make(map[string][]string), rows: make(map[string][]string), jobs: make(map[string]string)}
		tables, err := d.tables(t.Context(), d.migrations)
		require.NoError(t, err)
		for _, table := range tables {
			var exprs []string
			for _, column := range table.columns {
				if columns != nil && !slices.Contains(columns[table.name], column.name) {
					continue
				}
				c.columns[table.name] = append(c.columns[table.name], column.name)
				if d.dialect.writesInQueries() {
					exprs = append(exprs, "coalesce(CAST("+quote(column.name)+" AS text), 'NULL')")
				} else {
					exprs = append(exprs, "quote("+quote(column.name)+")")
				}
			}
			if len(exprs) > 0 {
				require.NoError(t, eachText(t.Context(), d.migrations, "SELECT "+strings.Join(exprs, " || ' | ' || ")+" FROM "+quote(table.name), 1,
					func(f []string) { c.rows[table.name] = append(c.rows[table.name], f[0]) }))
			}
			slices.Sort(c.rows[table.name])
		}
		return nil
	}))
	return c
}

// A database of version 25 is migrated to the present, and nothing is lost.
func TestSchema25KeepsEverything(t *testing.T) {
	t.Parallel()
	onEmpty(t, func(t *testing.T, url string) {
		schema25(t, url)
		before := contentOf(t, url, nil)
		require.Len(t, before.columns, 20)
		var old []models.Job
		require.NoError(t, withDB(url, func(d *db) error { return d.w.Raw("SELECT * FROM jobs ORDER BY id").Scan(&old).Error }))
		require.GreaterOrEqual(t, len(old), 13)
		states := make(map[models.State]bool)

		_, err := Migrate(t.Context(), url)
		require.NoError(t, err)
		after := contentOf(t, url, before.columns)
		for table, rows := range before.rows {
			switch table {
			case "jobs", "goose_db_version":
			case "schedules": // new ones may have been added
				require.Subset(t, after.rows[table], rows, table)
			default:
				require.Equal(t, before.columns[table], after.columns[table], "the columns of %s", table)
				require.Equal(t, rows, after.rows[table], table)
			}
		}
		s, err := OpenMigrated(t.Context(), url)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		for _, job := range old {
			now, err := s.Platform.Job(t.Context(), job.ID)
			require.NoError(t, err)
			was, err := json.Marshal(utc(&job))
			require.NoError(t, err)
			is, err := json.Marshal(now)
			require.NoError(t, err)
			require.JSONEq(t, string(was), string(is))
			states[job.State] = true
		}
		require.Len(t, states, 6, "jobs of every state")

		// What waited is still handed out, and what was running when its worker was killed is not lost.
		waiting := make(map[string]bool)
		ds, err := s.Backlog.Unclaimed(t.Context(), 0, 100)
		require.NoError(t, err)
		for _, d := range ds {
			waiting[d.JobID] = true
		}
		due, err := s.Backlog.WaitingQueues(t.Context())
		require.NoError(t, err)
		require.NoError(t, s.Backlog.ExpireLeases(t.Context()))
		_, err = s.Backlog.ReapExpired(t.Context(), 100)
		require.NoError(t, err)
		for _, job := range old {
			if job.State == models.StateQueued {
				require.True(t, waiting[job.ID] || slices.Contains(due, models.Queue{Kind: job.Kind, Priority: job.Priority}))
			}
			if job.State == models.StateRunning {
				require.Equal(t, models.StateQueued, state(t, s, &job).State)
			}
		}
	})
}
