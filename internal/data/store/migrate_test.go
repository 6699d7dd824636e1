package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// A database from when revisions held their manifests keeps every file, its parents and its authors, also when it is migrated
// down.
func TestMigrationMakesTreesOfManifests(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		m, err := s.db.migrator()
		require.NoError(t, err)
		_, err = m.DownTo(t.Context(), 5)
		require.NoError(t, err)
		var ids []string
		manifests := make(map[string]models.Manifest)
		for i := range 5 {
			id, parent, job := models.NewID(), "", ""
			if i > 0 {
				parent = ids[i-1]
			}
			if i == 2 {
				job = models.NewID()
			}
			manifest := models.Manifest{{Path: "index.html", SHA256: sum, Size: 7, MediaType: models.MediaType("index.html")}}
			for n := range i {
				path := fmt.Sprintf("src/ä %d/level.json", n)
				manifest = append(manifest, models.ManifestEntry{Path: path, SHA256: sum, Size: int64(n), MediaType: models.MediaType(path)})
			}
			require.NoError(t, s.db.w.Exec(`INSERT INTO revisions (id, account_id, project_id, job_id, parent_id, title, manifest, digest)
				VALUES (?, ?, ?, ?, ?, 'Fox', ?, ?)`, id, p.AccountID, p.ID, job, parent, manifest, manifest.Digest()).Error)
			ids = append(ids, id)
			manifests[id] = manifest
		}
		check := func() {
			for i, id := range ids {
				rev, err := s.Projects.Revision(t.Context(), p.AccountID, id)
				require.NoError(t, err)
				require.Equal(t, manifests[id], rev.Manifest)
				require.Equal(t, rev.Digest, rev.Manifest.Digest())
				require.Equal(t, []int64{int64(len(manifests[id])), manifests[id].Bytes()}, []int64{int64(rev.Files), rev.Bytes})
				if i == 0 {
					require.Empty(t, rev.Parents)
				} else {
					require.Equal(t, models.IDs{ids[i-1]}, rev.Parents)
				}
				if i == 2 {
					require.Equal(t, models.Author{Kind: models.AuthorJob, ID: rev.JobID}, rev.Author)
				} else {
					require.Zero(t, rev.Author)
				}
			}
		}
		_, err = m.Up(t.Context())
		require.NoError(t, err)
		check()
		_, err = m.DownTo(t.Context(), 5)
		require.NoError(t, err)
		for i, id := range ids {
			var old struct {
				ParentID string
				Manifest models.Manifest
			}
			require.NoError(t, s.db.w.Raw("SELECT parent_id, manifest FROM revisions WHERE id = ?", id).Scan(&old).Error)
			require.Equal(t, manifests[id], old.Manifest)
			require.Equal(t, i == 0, old.ParentID == "")
		}
		_, err = m.Up(t.Context())
		require.NoError(t, err)
		check()
	})
}

// A migration that adds a column costs a running process at most a request that passes.
func TestRunningProcessOutlivesANewColumn(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	pool, err := s.db.w.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
	p := tenant(t, s)
	j := submit1(t, s, p)
	require.Equal(t, j.ID, state(t, s, j).ID)
	_, err = s.db.migrations.ExecContext(t.Context(), "ALTER TABLE jobs ADD COLUMN newer text NOT NULL DEFAULT ''")
	require.NoError(t, err)
	if _, err = s.Jobs.Job(t.Context(), p.AccountID, j.ID); err != nil {
		require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
		require.Equal(t, planChanged, sqlState(err))
	}
	require.Equal(t, j.ID, state(t, s, j).ID)
}

// A process that has been running since before a migration says what is wrong, not that it knows no such column.
func TestRunningProcessNoticesAnotherSchema(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	tenant(t, s)
	m, err := s.db.migrator()
	require.NoError(t, err)
	_, err = m.DownTo(t.Context(), 5)
	require.NoError(t, err)
	_, _, err = s.Usage.RolledTo(t.Context())
	require.NoError(t, err, "what the schemas have in common works")
	_, err = s.Backlog.WaitingQueues(t.Context())
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
	require.ErrorContains(t, err, fmt.Sprintf("does not fit this process, which has version %d", schemaVersion()))
	require.ErrorContains(t, s.Ping(t.Context()), "does not fit this process", "the health check says it as well")
}

// The seeds are added at every start, and existing rows are kept.
func TestSeedsLeaveWhatIsThere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		require.NoError(t, s.db.w.Exec("UPDATE schedules SET enabled = false, cron = '0 * * * *'").Error)
		require.NoError(t, s.db.w.Exec("UPDATE accounts SET weight = 3 WHERE id = ?", models.SystemAccountID).Error)
		require.NoError(t, s.db.seed(t.Context()))
		var rows []models.Schedule
		require.NoError(t, s.db.w.Raw("SELECT * FROM schedules").Scan(&rows).Error)
		require.Len(t, rows, 1)
		require.Equal(t, "0 * * * *", rows[0].Cron)
		due, _, err := s.Schedules.DueSchedules(t.Context())
		require.NoError(t, err)
		require.Empty(t, due)
	})
}

func TestPingWritesInATableOfItsOwn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		require.NoError(t, s.Ping(t.Context()))
		require.NoError(t, s.Ping(t.Context()))
		for table, want := range map[string]int64{"probes": 1, "rollups": 0} {
			var n int64
			require.NoError(t, s.db.w.Table(table).Count(&n).Error)
			require.Equal(t, want, n, table)
		}
	})
}

// Both databases have the same tables, columns, nullability and uniqueness, so that one set of queries serves both.
func TestSchemasAgree(t *testing.T) {
	t.Parallel()
	lite := open(t, "sqlite://"+filepath.Join(t.TempDir(), "spark.db"))
	post := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))

	columns := func(s *Store, query string) []string {
		var rows []string
		require.NoError(t, s.db.w.Raw(query).Scan(&rows).Error)
		slices.Sort(rows)
		return rows
	}
	require.Equal(t,
		columns(lite, `SELECT t.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' NOT NULL' ELSE '' END
			|| CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END || CASE WHEN c.dflt_value IS NOT NULL THEN ' default' ELSE '' END
			FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'goose_db_version'`),
		columns(post, `SELECT c.table_name || '.' || c.column_name || CASE WHEN c.is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END
			|| coalesce(' key ' || array_position(i.indkey::int[], c.ordinal_position::int) + 1 , '')
			|| CASE WHEN c.column_default IS NOT NULL THEN ' default' ELSE '' END
			FROM information_schema.columns c
			LEFT JOIN pg_index i ON i.indrelid = (quote_ident(c.table_name))::regclass AND i.indisprimary
			WHERE c.table_schema = 'public' AND c.table_name <> 'goose_db_version'`))

	// Unique are a table's columns, or those of the rows that a condition names.
	unique := func(rows []string) []string {
		for i, row := range rows {
			row = strings.ToLower(strings.NewReplacer("::text", "", "(", "", ")", "", "\n", " ", `"`, "").Replace(row))
			rows[i] = strings.Join(strings.Fields(row), " ")
		}
		slices.Sort(rows)
		return rows
	}
	require.Equal(t,
		unique(columns(lite, `SELECT t.name || ' ' || (SELECT group_concat(x.name, ',') FROM pragma_index_info(i.name) x)
			|| coalesce(' where ' || (SELECT substr(m.sql, instr(m.sql, ' WHERE ') + 7) FROM sqlite_master m WHERE m.name = i.name AND i.partial = 1), '')
			FROM sqlite_master t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i."unique" = 1 AND i.origin <> 'pk'`)),
		unique(columns(post, `SELECT t.relname || ' ' || (SELECT string_agg(a.attname, ',' ORDER BY k.ord) FROM unnest(i.indkey) WITH ORDINALITY k(num, ord)
				JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num)
			|| coalesce(' where ' || pg_get_expr(i.indpred, i.indrelid), '')
			FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
			WHERE n.nspname = 'public' AND i.indisunique AND NOT i.indisprimary AND t.relname <> 'goose_db_version'`)))
}
