package store

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// grown fills the tables: 30,000 jobs, a third of them in pipelines of two, with their events, artifacts and revisions, one every
// five minutes until now.
const grown = `
CREATE FUNCTION pg_temp.made(n int, what int) RETURNS text LANGUAGE sql AS $$
	SELECT substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-8000-' || lpad(to_hex(what), 12, '0')
	FROM (SELECT lpad(to_hex((extract(epoch FROM now() - (30000 - n) * interval '5 minutes') * 1000)::bigint), 12, '0') AS h) AS hex $$;
INSERT INTO pipelines (id, account_id, project_id) SELECT pg_temp.made(n - n % 2, 1), @account, @project FROM generate_series(0, 9999, 2) AS n;
INSERT INTO jobs (id, account_id, project_id, pipeline_id, kind, priority, state, max_failures, on_dependency_failure, event_seq, finished_at)
	SELECT pg_temp.made(n, 2), @account, @project, CASE WHEN n < 10000 THEN pg_temp.made(n - n % 2, 1) ELSE '' END,
		CASE WHEN n % 3 = 0 THEN 'analytics' ELSE 'build' END, 'default', 'succeeded', 3, 'cancel', 4, now() - (30000 - n) * interval '5 minutes'
	FROM generate_series(0, 29999) AS n;
INSERT INTO job_dependencies (job_id, depends_on) SELECT pg_temp.made(n + 1, 2), pg_temp.made(n, 2) FROM generate_series(0, 9999, 2) AS n;
INSERT INTO job_events (job_id, seq, type, attempt) SELECT pg_temp.made(n, 2), seq, 'progress', 1 FROM generate_series(0, 29999) AS n, generate_series(1, 4) AS seq;
INSERT INTO projects (id, account_id, name, engine) SELECT pg_temp.made(n, 3), @account, 'game', 'phaser' FROM generate_series(0, 2999) AS n;
INSERT INTO artifacts (id, account_id, project_id, revision_id, job_id, kind, engine, mode, format, title, manifest, digest, bytes)
	SELECT pg_temp.made(n, 4), @account, pg_temp.made(n % 3000, 3), '', pg_temp.made(n, 2), 'build', 'phaser',
		CASE WHEN n % 2 = 0 THEN 'preview' ELSE 'release' END, 'web', '', '[]', '', 0 FROM generate_series(0, 29999) AS n;
INSERT INTO attestations (artifact_id, envelope) SELECT id, '{}' FROM artifacts;
INSERT INTO revisions (id, account_id, project_id, job_id, title, digest, tree)
	SELECT pg_temp.made(n, 5), @account, pg_temp.made(n % 3000, 3), pg_temp.made(n, 2), '', '', 'x' FROM generate_series(0, 29999) AS n;
`

// planOf is how Postgres runs a statement if its tables are twenty times as large as they are here.
func planOf(t *testing.T, s *Store, sql string) string {
	t.Helper()
	var plan []string
	require.NoError(t, s.db.r.Transaction(func(q *gorm.DB) error {
		if err := q.Exec("SET LOCAL seq_page_cost = 20").Error; err != nil {
			return err
		}
		return q.Raw("EXPLAIN " + sql).Scan(&plan).Error
	}))
	return strings.Join(plan, "\n")
}

// However large the tables are, a step reads no more than it takes.
func TestStepsDoNotReadWholeTables(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	p := tenant(t, s)
	require.NoError(t, s.db.w.Transaction(func(q *gorm.DB) error {
		for statement := range strings.SplitSeq(strings.TrimSpace(grown), ";\n") {
			var args []any
			if strings.Contains(statement, "@") {
				args = []any{map[string]any{"account": p.AccountID, "project": p.ID}}
			}
			if err := q.Exec(statement, args...).Error; err != nil {
				return err
			}
		}
		return q.Exec("ANALYZE").Error
	}))
	rolledUpTo(t, s, 0)
	require.NoError(t, s.db.w.Exec("INSERT INTO retention (name, done_to) SELECT name, now() - interval '80 days' FROM unnest(array['previews', 'releases', 'revisions']) AS name").
		Error) // before, nothing had a predecessor
	seen := &statements{Interface: logger.Discard}
	r := &Retention{s.db.logged(seen)}
	whole := regexp.MustCompile(`Seq Scan on (jobs|job_events|job_dependencies|pipelines|artifacts|attestations|revisions|projects)\b`)
	for name, step := range map[string]func(context.Context, time.Duration) (models.Pruning, error){
		walkEvents: r.Events, walkJobs: r.Jobs, walkRollupJobs: r.RollupJobs, walkPreviews: r.Previews, walkReleases: r.Releases, walkRevisions: r.Revisions,
	} {
		seen.all = nil
		done, err := step(t.Context(), 30*day)
		require.NoError(t, err)
		require.Positive(t, done.Removed[name], name)
		planned := 0
		for _, sql := range seen.all {
			if strings.HasPrefix(sql, "INSERT") || strings.HasPrefix(sql, "UPDATE") || strings.Contains(sql, "to_char") {
				continue // of the walk's row, and the clock
			}
			plan := planOf(t, s, sql)
			require.False(t, whole.MatchString(plan), "%s: %.300s\n%.2000s", name, sql, plan)
			planned++
		}
		require.Greater(t, planned, 3, name)
	}
}
