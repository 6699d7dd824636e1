package api

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/assets"
	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/platform/egress"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/internal/templates"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/webhooks"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// parts are what the API depends on in a real process: the store and the blobs, in the test's folder, and the services over
// them. There is no Redis: whoever changes a job notifies the hub directly.
type parts struct {
	folder   string
	store    *store.Store
	blobs    *blob.Folder
	hub      *bus.Hub
	projects *projects.Service
	jobs     *jobs.Service
	assets   *assets.Service
	uploads  *assets.Uploads
}

// migrated is an empty database with its schema: copying it is much faster than migrating one for each test.
var migrated = sync.OnceValues(func() (file []byte, err error) {
	folder, err := os.MkdirTemp("", "spark-api-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "spark.db")
	s, err := store.Open(context.Background(), "sqlite://"+path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func newParts(t *testing.T, log *zap.Logger, engines func(context.Context) []models.EngineStatus) parts {
	t.Helper()
	p := parts{folder: t.TempDir(), hub: &bus.Hub{}}
	database, err := migrated()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(p.database(), database, 0o600))
	p.store, err = store.Open(t.Context(), "sqlite://"+p.database())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.store.Close()) })
	p.blobs, err = blob.Open(p.folder, func(digest string, err error) {
		log.Error("a blob is damaged", zap.String("blob", digest), zap.Error(err))
	})
	require.NoError(t, err)
	p.projects = &projects.Service{Store: p.store.Projects, Blobs: p.blobs, Engines: engines,
		CancelJobs: func(context.Context, string, string) error { return nil }}
	sayingStarters(p.projects)
	records := struct {
		*store.Jobs
		*store.Projects
		*store.Artifacts
		*store.Spending
	}{p.store.Jobs, p.store.Projects, p.store.Artifacts, p.store.Spending}
	p.jobs = &jobs.Service{Intake: records, Templates: templates.Directory{Store: p.store.Templates}, Accounts: accounts.NewDirectory(p.store.Accounts), Providers: func(name string) bool { return name == "builtin" }, Ready: func() error { return nil },
		Changed: func(ids []string, _ []models.Queue) { p.changed(ids...) }, CancelRunning: func(context.Context, string) {}}
	guard := egress.New(egress.Policy{})
	p.jobs.WebhookURL = func(raw, pointer string) (string, error) { return webhooks.CheckURL(guard, raw, pointer) }
	p.projects.Room, p.projects.RoomFor = p.jobs.Room, p.jobs.RoomFor
	p.assets = &assets.Service{Store: p.store.Assets, Blobs: p.blobs, RoomFor: p.jobs.RoomFor}
	p.uploads = &assets.Uploads{Assets: p.assets, Store: p.store.Uploads, Staged: p.blobs, Open: 5, Expiry: time.Hour}
	p.projects.Asset = p.assets.Content
	return p
}

func (p parts) database() string { return filepath.Join(p.folder, "spark.db") }

// changed notifies those who watch the jobs.
func (p parts) changed(ids ...string) {
	for _, id := range ids {
		p.hub.Changed(id)
	}
}

// blobPath is the file of a blob.
func (p parts) blobPath(digest string) string {
	return filepath.Join(p.folder, "blobs", digest[:2], digest)
}

// stored returns a function whose result changes when anything is stored: a commit to the database, or a file.
func (a *testAPI) stored() func() string {
	a.t.Helper()
	db := a.openDatabase()
	db.SetMaxOpenConns(1) // the version counts the commits of others since the connection was made
	return func() string {
		var version int
		require.NoError(a.t, db.QueryRowContext(a.t.Context(), "PRAGMA data_version").Scan(&version))
		blobs := 0
		require.NoError(a.t, filepath.WalkDir(filepath.Join(a.folder, "blobs"), func(_ string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				blobs++
			}
			return err
		}))
		return fmt.Sprintf("version %d of the database, %d blobs", version, blobs)
	}
}

// openDatabase is a connection to the database beside the store's.
func (a *testAPI) openDatabase() *sql.DB {
	a.t.Helper()
	db, err := sql.Open("sqlite", "file:"+a.database()+"?_pragma=busy_timeout(10000)")
	require.NoError(a.t, err)
	a.t.Cleanup(func() { require.NoError(a.t, db.Close()) })
	return db
}

func (a *testAPI) newAccount() string {
	a.t.Helper()
	account := &models.Account{ID: models.NewID(), Name: a.t.Name()}
	require.NoError(a.t, a.store.Accounts.CreateAccount(a.t.Context(), account))
	return account.ID
}

func (a *testAPI) newKey(account string, role models.Role) string {
	a.t.Helper()
	plain, prefix := auth.NewKey()
	require.NoError(a.t, a.store.Accounts.CreateAPIKey(a.t.Context(), &models.APIKey{ID: models.NewID(), AccountID: account,
		Name: "test", Role: role, Hash: auth.Hash(testPepper, plain), Prefix: prefix}))
	return plain
}

// powerless takes the role from one key. Each role that the database takes may do something.
type powerless struct {
	auth.Keys
	hash []byte
}

func (p powerless) APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error) {
	key, err := p.Keys.APIKeyByHash(ctx, hash)
	if err == nil && bytes.Equal(hash, p.hash) {
		key.Role = ""
	}
	return key, err
}

// submit queues a job of the account, of a project of its own.
func (a *testAPI) submit(kind models.Kind) *models.Job {
	a.t.Helper()
	return a.submitFor(a.account, kind)
}

func (a *testAPI) submitFor(account string, kind models.Kind) *models.Job {
	a.t.Helper()
	p, err := a.projects.Create(a.t.Context(), projects.NewProject{AccountID: account, Name: "Fox", Engine: "phaser"})
	require.NoError(a.t, err)
	job, err := a.jobs.Submit(a.t.Context(), jobs.JobRequest{AccountID: account, ProjectID: p.ID, Kind: kind, Input: []byte(`{}`)})
	require.NoError(a.t, err)
	return job
}

// attempt is a running attempt at a job, as the worker that holds it writes it.
type attempt struct {
	*testAPI
	job *models.Job
}

// claim dispatches a job that is due, and claims it.
func (a *testAPI) claim(job *models.Job) attempt {
	a.t.Helper()
	released, err := a.store.Backlog.Release(a.t.Context(), job.Queue(), []jobs.Share{{AccountID: job.AccountID, N: 100}})
	require.NoError(a.t, err)
	for _, d := range released[0] {
		if d.JobID == job.ID {
			claimed, err := a.store.Ledger.Claim(a.t.Context(), d.JobID, d.No, "worker", time.Hour)
			require.NoError(a.t, err)
			a.changed(job.ID)
			return attempt{a, claimed}
		}
	}
	a.t.Fatalf("job %s is not due", job.ID)
	return attempt{}
}

func (w attempt) progress(fraction float64) {
	w.t.Helper()
	require.NoError(w.t, w.store.Ledger.Progress(w.t.Context(), w.job.Fence(), fraction, "compiling"))
	w.changed(w.job.ID)
}

func (w attempt) log(lines ...string) {
	w.t.Helper()
	require.NoError(w.t, w.store.Ledger.Log(w.t.Context(), w.job.Fence(), lines))
	w.changed(w.job.ID)
}

func (w attempt) finish(out jobs.Outcome) {
	w.t.Helper()
	effects, err := w.store.Ledger.Finish(w.t.Context(), w.job.Fence(), out)
	require.NoError(w.t, err)
	w.changed(effects.Jobs...)
}

func (w attempt) succeed() { w.t.Helper(); w.finish(jobs.Outcome{Verdict: jobs.Succeeded}) }

func (w attempt) fail() {
	w.t.Helper()
	w.finish(jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeCompileFailed, "1 error")})
}

// keep stores data and returns its digest.
func (a *testAPI) keep(data string) string {
	a.t.Helper()
	digest, _, err := a.blobs.Put(a.t.Context(), bytes.NewReader([]byte(data)), int64(len(data)))
	require.NoError(a.t, err)
	return digest
}

// addModule stores an engine module that previews share, and returns its digest.
func (a *testAPI) addModule(file, text string) string {
	a.t.Helper()
	require.NoError(a.t, a.blobs.PutModule(a.t.Context(), file, []byte(text)))
	return a.keep(text)
}

// lose removes a blob from the disk.
func (a *testAPI) lose(digest string) {
	a.t.Helper()
	require.NoError(a.t, os.Remove(a.blobPath(digest)))
}

// damage writes other bytes over a blob on the disk.
func (a *testAPI) damage(digest, text string) {
	a.t.Helper()
	require.NoError(a.t, os.WriteFile(a.blobPath(digest), []byte(text), 0o600))
	later := time.Now().Add(time.Second) // clocks of file systems are coarse
	require.NoError(a.t, os.Chtimes(a.blobPath(digest), later, later))
}

// addArtifact has a job of a project of its own make an artifact of files. change may add to its result.
func (a *testAPI) addArtifact(kind models.ArtifactKind, mode, format string, files map[string]string, change ...func(*jobs.Result)) *models.Artifact {
	a.t.Helper()
	job := a.submit(models.Kind(kind)) // the kinds share their names
	art := &models.Artifact{ID: models.NewID(), AccountID: a.account, ProjectID: job.ProjectID, RevisionID: models.NewID(),
		JobID: job.ID, Kind: kind, Engine: "phaser", Mode: mode, Format: format, Title: "Neon Fox!"}
	for path, text := range files {
		art.Manifest = append(art.Manifest, models.ManifestEntry{Path: path, SHA256: a.keep(text), Size: int64(len(text)), MediaType: models.MediaType(path)})
	}
	art.Manifest.Sort()
	art.Digest, art.Bytes = art.Manifest.Digest(), art.Manifest.Bytes()
	result := &jobs.Result{Artifact: art, Bytes: art.Bytes}
	for _, c := range change {
		c(result)
	}
	a.claim(job).finish(jobs.Outcome{Verdict: jobs.Succeeded, Result: result})
	return art
}
