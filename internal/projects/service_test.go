package projects_test

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) {
	testenv.RunWithoutLeaks(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// onEach runs a test on both databases.
func onEach(t *testing.T, f func(t *testing.T, s *projects.Service, account string)) {
	t.Helper()
	for name, open := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "spark.db") },
		"postgres": func(t *testing.T) string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, account := service(t, open(t))
			f(t, s, account)
		})
	}
}

// service is one on real stores, with an account.
func service(t *testing.T, database string) (*projects.Service, string) {
	t.Helper()
	st, err := store.Open(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	blobs, err := blob.Open(t.TempDir(), nil)
	require.NoError(t, err)
	account := &models.Account{ID: models.NewID(), Name: "a"}
	require.NoError(t, st.Accounts.CreateAccount(t.Context(), account))
	return &projects.Service{Store: st.Projects, Blobs: blobs, Engines: func(context.Context) []models.EngineStatus {
		return []models.EngineStatus{{Name: "phaser", Version: "4.2.1", Default: true}, {Name: "phaser", Version: "3.90.0"}}
	}}, account.ID
}

func newProject(t *testing.T, s *projects.Service, account string) *models.Project {
	t.Helper()
	p, err := s.Create(t.Context(), projects.NewProject{AccountID: account, Name: " Fox ", Engine: "phaser"})
	require.NoError(t, err)
	require.Equal(t, "Fox", p.Name)
	return p
}

func TestCreateRefusesWhatIsNoProject(t *testing.T) {
	t.Parallel()
	s, account := service(t, "sqlite://"+filepath.Join(t.TempDir(), "spark.db"))
	for _, c := range []struct {
		name, engine, version, pointer string
		code                           models.Code
	}{
		{" ", "phaser", "", "/name", models.CodeInvalidRequest},
		{strings.Repeat("ä", 121), "phaser", "", "/name", models.CodeInvalidRequest},
		{"a\nb", "phaser", "", "/name", models.CodeInvalidRequest},
		{"a", "unity", "", "/engine", models.CodeUnknownEngine},
		{"a", "phaser", "1", "/engine_version", models.CodeUnknownVersion},
	} {
		_, err := s.Create(t.Context(), projects.NewProject{AccountID: account, Name: c.name, Engine: c.engine, EngineVersion: c.version})
		require.Equal(t, c.code, models.CodeOf(err), c)
		require.Equal(t, c.pointer, models.AsError(err).Pointer, c)
	}
	p, err := s.Create(t.Context(), projects.NewProject{AccountID: account, Name: strings.Repeat("ä", 120), Engine: "phaser", EngineVersion: "3.90.0"})
	require.NoError(t, err)
	list, err := s.List(t.Context(), account, models.ProjectFilter{}, models.Page{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, p.ID, list[0].ID)
}

// Concurrent writers of different files all succeed, and no file is lost.
func TestParallelWritersAllSucceed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *projects.Service, account string) {
		p := newProject(t, s, account)
		const writers = 64
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				_, err := s.WriteFile(t.Context(), projects.Change{AccountID: account, ProjectID: p.ID},
					fmt.Sprintf("src/%d.js", i), strings.NewReader(fmt.Sprint(i)))
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		rev, err := s.Current(t.Context(), account, p.ID)
		require.NoError(t, err)
		require.Len(t, rev.Manifest, writers)
		all, err := s.Revisions(t.Context(), account, p.ID, models.Page{Limit: 100})
		require.NoError(t, err)
		require.Len(t, all, writers)
		for i, r := range all[:writers-1] {
			require.Equal(t, all[i+1].ID, r.ParentID(), "each on top of the one before")
		}
	})
}

// Of many writers that start from the same revision, one succeeds.
func TestParallelWritersOnOneBase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *projects.Service, account string) {
		p := newProject(t, s, account)
		base, err := s.WriteFile(t.Context(), projects.Change{AccountID: account, ProjectID: p.ID}, "a.js", strings.NewReader("1"))
		require.NoError(t, err)
		var wg sync.WaitGroup
		var mu sync.Mutex
		codes := map[models.Code]int{}
		for i := range 16 {
			wg.Go(func() {
				_, err := s.WriteFile(t.Context(), projects.Change{AccountID: account, ProjectID: p.ID,
					If: projects.Precondition{Match: []string{projects.Tag(base)}}}, fmt.Sprintf("%d.js", i), strings.NewReader("x"))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					codes[""]++
				} else {
					codes[models.CodeOf(err)]++
				}
			})
		}
		wg.Wait()
		require.Equal(t, map[models.Code]int{"": 1, models.CodePreconditionFailed: 15}, codes)
	})
}

func TestPreconditions(t *testing.T) {
	t.Parallel()
	s, account := service(t, "sqlite://"+filepath.Join(t.TempDir(), "spark.db"))
	p := newProject(t, s, account)
	write := func(path, text string, cond projects.Precondition) (*models.Revision, error) {
		return s.WriteFile(t.Context(), projects.Change{AccountID: account, ProjectID: p.ID, If: cond}, path, strings.NewReader(text))
	}
	match := func(tags ...string) projects.Precondition {
		return projects.Precondition{Match: append([]string{}, tags...)}
	}
	none := func(tags ...string) projects.Precondition { return projects.Precondition{NoneMatch: tags} }

	for _, cond := range []projects.Precondition{match(projects.Any), match("x"), match(), none(projects.Empty)} { // before the first revision
		_, err := write("a.js", "1", cond)
		require.Equal(t, models.CodePreconditionFailed, models.CodeOf(err), cond)
	}
	current, err := write("a.js", "1", match(projects.Empty))
	require.NoError(t, err)
	current, err = write("b.js", "1", projects.Precondition{Match: []string{current.ID}, NoneMatch: []string{projects.Any}})
	require.NoError(t, err)
	a, _ := current.Manifest.Find("a.js")

	for _, c := range []struct {
		path string
		cond projects.Precondition
		ok   bool
	}{
		{"a.js", match(projects.Empty), false},
		{"a.js", match(current.ParentID()), false},
		{"a.js", match("x", current.ID), true},
		{"a.js", match(a.SHA256), true},      // the file as it was read
		{"c.js", match(a.SHA256), false},     // another's digest
		{"a.js", match(projects.Any), true},  // it is there
		{"c.js", match(projects.Any), false}, // it is not
		{"a.js", none(projects.Any), false},
		{"c.js", none(projects.Any), true},
		{"a.js", none(a.SHA256), false},
		{"a.js", none("x"), true},
	} {
		rev, err := write(c.path, "1", c.cond)
		if !c.ok {
			require.Equal(t, models.CodePreconditionFailed, models.CodeOf(err), c)
			continue
		}
		require.NoError(t, err, c)
		if c.path == "c.js" {
			_, err = s.DeleteFile(t.Context(), projects.Change{AccountID: account, ProjectID: p.ID, If: match(rev.ID)}, "c.js")
			require.NoError(t, err)
		}
	}

	// A condition on one file ignores the others: they may change meanwhile.
	_, err = write("b.js", "2", projects.Precondition{})
	require.NoError(t, err)
	_, err = write("a.js", "2", match(a.SHA256))
	require.NoError(t, err)
	_, err = write("a.js", "3", match(a.SHA256))
	require.Equal(t, models.CodePreconditionFailed, models.CodeOf(err))
}

func TestReplaceAndDeleteFiles(t *testing.T) {
	t.Parallel()
	s, account := service(t, "sqlite://"+filepath.Join(t.TempDir(), "spark.db"))
	p := newProject(t, s, account)
	c := projects.Change{AccountID: account, ProjectID: p.ID}
	files := []models.File{{Path: "b.js", Data: []byte("b")}, {Path: "a.js", Data: []byte("a")}}
	first, err := s.ReplaceFiles(t.Context(), c, "Fox", files)
	require.NoError(t, err)
	require.Equal(t, "a.js", first.Manifest[0].Path)
	again, err := s.ReplaceFiles(t.Context(), c, "", files)
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID, "a change without effect makes no revision")
	_, err = s.DeleteFile(t.Context(), c, "none.js")
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	second, err := s.DeleteFile(t.Context(), c, "b.js")
	require.NoError(t, err)
	require.Equal(t, []string{first.ID, "Fox"}, []string{second.ParentID(), second.Title})
	_, err = s.DeleteFile(t.Context(), c, "a.js")
	require.Equal(t, models.CodeInvalidFiles, models.CodeOf(err), "a project needs at least one file")

	for pointer, bad := range map[string][]models.File{
		"/files/1/path": {{Path: "a.js"}, {Path: "../a.js"}},
		"/files":        {{Path: "a.js"}, {Path: "A.js"}},
	} {
		_, err := s.ReplaceFiles(t.Context(), c, "", bad)
		require.Equal(t, pointer, models.AsError(err).Pointer)
	}
	_, err = s.ReplaceFiles(t.Context(), c, "a\x00b", files)
	require.Equal(t, "/title", models.AsError(err).Pointer)

	for _, id := range []string{models.NewID(), "x", url.PathEscape("../x"), ""} {
		_, err := s.Revision(t.Context(), account, p.ID, id)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.WriteFile(t.Context(), projects.Change{AccountID: account, ProjectID: id}, "a.js", strings.NewReader("x"))
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	}
	other := newProject(t, s, account)
	_, err = s.Revision(t.Context(), account, other.ID, first.ID)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err), "of another project")
	none, err := s.Current(t.Context(), account, other.ID)
	require.NoError(t, err)
	require.Nil(t, none)
	all, err := s.Revisions(t.Context(), account, p.ID, models.Page{Limit: 1})
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(all, func(r models.Revision) bool { return r.ID == second.ID }))
	_, err = s.Revisions(t.Context(), models.NewID(), p.ID, models.Page{Limit: 1})
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
}
