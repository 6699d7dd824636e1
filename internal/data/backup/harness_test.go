package backup

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/glebarez/go-sqlite"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) {
	testenv.RunWithoutLeaks(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

const (
	lite = "sqlite"
	post = "postgres"
)

// empty makes a database without tables.
func empty(t *testing.T, kind string) (url string) {
	t.Helper()
	if kind == post {
		return testenv.Postgres(t)
	}
	return "sqlite://" + filepath.Join(t.TempDir(), "spark.db")
}

// old makes a database of version 25 with jobs of all states, see internal/data/store/testdata.
func old(t *testing.T, kind string) (url string) {
	t.Helper()
	url = empty(t, kind)
	dump, err := os.ReadFile("../store/testdata/schema25-" + kind + ".sql")
	require.NoError(t, err)
	driver, source := "pgx", url
	if kind == lite {
		driver, source = "sqlite", strings.TrimPrefix(url, "sqlite://")
	}
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), string(dump))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	return url
}

func folder(t *testing.T) *blob.Folder {
	t.Helper()
	f, err := blob.Open(t.TempDir(), nil)
	require.NoError(t, err)
	return f
}

func opened(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// put stores content.
func put(t *testing.T, f *blob.Folder, content string) models.ManifestEntry {
	t.Helper()
	digest, size, err := f.Put(t.Context(), strings.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	return models.ManifestEntry{Path: "index.html", SHA256: digest, Size: size, MediaType: "text/html; charset=utf-8"}
}

// newProject makes an account with a project.
func newProject(t *testing.T, s *store.Store) *models.Project {
	t.Helper()
	account := &models.Account{ID: models.NewID(), Name: "Füchse 🦊 \u2028"}
	require.NoError(t, s.Accounts.CreateAccount(t.Context(), account))
	p := &models.Project{ID: models.NewID(), AccountID: account.ID, Name: "game", Engine: "phaser"}
	require.NoError(t, s.Projects.CreateProject(t.Context(), p))
	return p
}

// commit makes files the project's current revision.
func commit(ctx context.Context, s *store.Store, p *models.Project, files ...models.ManifestEntry) error {
	_, err := s.Projects.Commit(ctx, p.AccountID, p.ID, func(*models.Revision) (*models.Revision, error) {
		m := models.Manifest(files)
		return &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Title: "Fox", Manifest: m, Digest: m.Digest()}, nil
	})
	return err
}

// content is all that a backup has, for comparing.
type content struct {
	rows  map[string][]string
	files map[string]string
}

func (c *content) row(t store.Table, values []any) error {
	line := make([]string, len(values))
	for i, v := range values {
		line[i] = fmt.Sprintf("%s=%v", t.Columns[i].Name, v)
	}
	slices.Sort(line) // the databases order columns differently
	c.rows[t.Name] = append(c.rows[t.Name], strings.Join(line, " "))
	return nil
}

func (c *content) content(digest string, _ int64, r io.Reader) error {
	data, err := io.ReadAll(r)
	c.files[digest] = string(data)
	return err
}

// contentOf reads a whole backup.
func contentOf(t *testing.T, data []byte) (*header, *content) {
	t.Helper()
	c := &content{rows: make(map[string][]string), files: make(map[string]string)}
	r := newReader(bytes.NewReader(data))
	h, err := r.header()
	require.NoError(t, err)
	_, err = r.rest(h, c)
	require.NoError(t, err)
	for _, rows := range c.rows {
		slices.Sort(rows)
	}
	return h, c
}

func fileContent(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}
