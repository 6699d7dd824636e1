package store

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// withSamples is the program's migrations and the samples of a rolling upgrade, up to a number.
func withSamples(t *testing.T, names ...string) fstest.MapFS {
	t.Helper()
	all := with(t, nil).(fstest.MapFS)
	for _, folder := range []string{"postgres", "sqlite"} {
		for _, name := range names {
			data, err := os.ReadFile("testdata/rolling/" + folder + "/" + name)
			require.NoError(t, err)
			all["migrations/"+folder+"/"+name] = &fstest.MapFile{Data: data}
		}
	}
	return all
}

// A rolling upgrade, with a change that needs two steps. Old and new programs work side by side under load while the first
// migration is applied and after it; the second one stops programs from before the first, and only those.
func TestRollingUpgrade(t *testing.T) {
	t.Parallel()
	onEmpty(t, func(t *testing.T, url string) {
		expanded := withSamples(t, "00901_expand.sql")
		contracted := withSamples(t, "00901_expand.sql", "00902_contract.sql")
		old := open(t, url)
		ctx := t.Context()

		const each = 40
		half, migrated := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() { // an old program that runs through the upgrade
			for i := range each {
				if i == each/4 {
					close(half)
				}
				if i == each/2 {
					<-migrated
				}
				work(t, old, fmt.Sprint("old ", i))
			}
		})
		<-half
		applied, err := migrateAs(ctx, url, expanded)
		require.NoError(t, err)
		require.Equal(t, []int64{901}, applied)
		close(migrated)
		next, err := program(ctx, url, expanded, func(d *db) error { s, err := d.schema(ctx); require.NoError(t, s.current()); return err })
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, next.Close()) })
		another, err := OpenMigrated(ctx, url) // an old program that starts after the migration
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, another.Close()) })
		for name, s := range map[string]*Store{"next": next, "another": another} {
			all.Go(func() {
				for i := range each {
					work(t, s, fmt.Sprint(name, " ", i))
				}
			})
		}
		all.Wait()

		var done, named, titled int64
		require.NoError(t, old.db.w.Raw("SELECT count(*) FROM jobs WHERE state = 'succeeded'").Scan(&done).Error)
		require.NoError(t, old.db.w.Raw("SELECT count(*) FROM projects").Scan(&named).Error)
		require.NoError(t, old.db.w.Raw("SELECT count(*) FROM projects WHERE title = name").Scan(&titled).Error)
		require.Equal(t, []int64{3 * each, 3 * each, 3 * each}, []int64{done, named, titled})
		// What either writes, both read.
		var id, title string
		require.NoError(t, old.db.w.Raw("SELECT id FROM projects WHERE name = 'old 0'").Scan(&id).Error)
		require.NoError(t, next.db.w.Exec("UPDATE projects SET title = 'by the new' WHERE id = ?", id).Error)
		require.NoError(t, old.db.w.Raw("SELECT name FROM projects WHERE id = ?", id).Scan(&title).Error)
		require.Equal(t, "by the new", title)
		require.NoError(t, old.db.w.Exec("UPDATE projects SET name = 'by the old' WHERE id = ?", id).Error)
		require.NoError(t, next.db.w.Raw("SELECT title FROM projects WHERE id = ?", id).Scan(&title).Error)
		require.Equal(t, "by the old", title)
		status, err := SchemaOf(ctx, url)
		require.NoError(t, err)
		require.Equal(t, []int64{901}, status.Newer)
		require.Empty(t, status.Unfit)

		_, err = migrateAs(ctx, url, contracted)
		require.NoError(t, err)
		require.NoError(t, openMigratedAs(t, url, expanded), "the program before works on it")
		_, err = OpenMigrated(ctx, url)
		require.ErrorContains(t, err, "does not know migration 902")
		_, err = Migrate(ctx, url)
		require.ErrorContains(t, err, "does not know migration 902")
	})
}

// work makes a project and takes a job through its life. A change of the schema may cost a request that is told to be tried again.
func work(t *testing.T, s *Store, name string) {
	ctx := t.Context()
	again := func(f func(ctx context.Context) error) bool {
		for {
			err := f(ctx)
			if models.CodeOf(err) == models.CodeUnavailable {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return err == nil
		}
	}
	account := &models.Account{ID: models.NewID(), Name: name}
	p := &models.Project{ID: models.NewID(), AccountID: account.ID, Name: name, Engine: "phaser"}
	j := newJob(p, models.KindBuild, models.StateQueued)
	var ds [][]jobs.Dispatch
	_ = again(func(ctx context.Context) error { return s.Accounts.CreateAccount(ctx, account) }) &&
		again(func(ctx context.Context) error { return s.Projects.CreateProject(ctx, p) }) &&
		again(func(ctx context.Context) error { return s.Jobs.Submit(ctx, jobs.Submission{Jobs: []*models.Job{j}}) }) &&
		again(func(ctx context.Context) (err error) {
			ds, err = s.Backlog.Release(ctx, models.Queue{Kind: j.Kind, Priority: j.Priority}, []jobs.Share{{AccountID: account.ID, N: 1}})
			return err
		}) &&
		again(func(ctx context.Context) (err error) {
			j, err = s.Ledger.Claim(ctx, ds[0][0].JobID, ds[0][0].No, "worker", lease)
			return err
		}) &&
		again(func(ctx context.Context) error {
			_, err := s.Ledger.Finish(ctx, j.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
			return err
		})
}
