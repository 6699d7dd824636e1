package cli

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// exportRoutes answers exports, and who the platform's people and deleted accounts are.
func (s *fakeServer) exportRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/account/export", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/zip")
		if s.cut {
			_, _ = w.Write(s.exported[:len(s.exported)/2])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(s.exported)
	})
	mux.HandleFunc("GET /v1/admin/users", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.UserList{Data: []apiclient.User{{ID: "u1", Email: "fox@example.com\x1b[2J", Name: "Fox", CreatedAt: time.Now()}}})
	})
	mux.HandleFunc("DELETE /v1/admin/users/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
}

// exportOf is an export with a table and a file, changed before the manifest is written and after.
func exportOf(t *testing.T, changes ...func(name string, content []byte) []byte) []byte {
	t.Helper()
	body := []byte("console.log(1)")
	sum := sha256.Sum256(body)
	var packed bytes.Buffer
	files := tar.NewWriter(&packed)
	require.NoError(t, files.WriteHeader(&tar.Header{Name: hex.EncodeToString(sum[:]), Size: int64(len(body)), Mode: 0o600}))
	_, err := files.Write(body)
	require.NoError(t, err)
	require.NoError(t, files.Close())
	m := models.ExportManifest{Format: models.ExportFormat, AccountID: "a1", MadeAt: time.Now(), Contents: 1, Missing: 2}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, rows int64, content []byte) {
		sum := sha256.Sum256(content)
		m.Files = append(m.Files, models.ExportFile{Name: name, Rows: rows, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])})
		for _, change := range changes {
			content = change(name, content)
		}
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	add("jobs.jsonl", 3, []byte("{}\n{}\n{}\n"))
	add(models.ExportContents, 1, packed.Bytes())
	add(models.ExportMissing, 2, []byte("{}\n{}\n"))
	text, err := json.Marshal(m)
	require.NoError(t, err)
	for _, change := range changes {
		text = change(models.ExportManifestName, text)
	}
	w, err := z.Create(models.ExportManifestName)
	require.NoError(t, err)
	_, err = w.Write(text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}

// An export appears under its name when it is whole and has been compared with its manifest, and for its owner alone.
func TestAccountExport(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.exported = exportOf(t)
	path := filepath.Join(t.TempDir(), "account.zip")
	r := run(within(t), t, Deps{}, s.env(), "account", "export", "--out", path)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "is whole: account a1 at ")
	require.Contains(t, r.out, "3 rows and 1 files")
	require.Contains(t, r.out, "2 files are named")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoFileExists(t, path+".partial")
	require.Equal(t, ExitUsage, run(within(t), t, Deps{}, s.env(), "account", "export", "--out", path).code, "it is there already")
	require.Equal(t, ExitUsage, run(within(t), t, Deps{}, s.env(), "account", "export").code)
	require.Zero(t, run(within(t), t, Deps{}, s.env(), "account", "check-export", path).code)

	s.cut = true
	r = run(within(t), t, Deps{}, s.env(), "account", "export", "--force", "--out", path)
	require.NotZero(t, r.code)
	require.Contains(t, r.err, "broke off")
	require.FileExists(t, path+".partial")
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, s.exported, kept, "the one that was there stays")

	swap := func(in, from, to string) func(string, []byte) []byte {
		return func(name string, content []byte) []byte {
			if name == in {
				return bytes.Replace(content, []byte(from), []byte(to), 1)
			}
			return content
		}
	}
	for says, raw := range map[string][]byte{
		"not a whole export":             s.exported[:len(s.exported)-10],
		"is not what the manifest says":  exportOf(t, swap("jobs.jsonl", "{}", "[]")),
		"has another content":            exportOf(t, swap(models.ExportContents, "log(1)", "log(2)")),
		"it has the format 2":            exportOf(t, swap(models.ExportManifestName, `"format":1`, `"format":2`)),
		"its manifest":                   exportOf(t, swap(models.ExportManifestName, `{"format"`, `{format`)),
		"has 4 files, and its manifest":  exportOf(t, swap(models.ExportManifestName, `"files":[{`, `"files":[{"name":"x"},{`)),
		"in the place of":                exportOf(t, swap(models.ExportManifestName, `"jobs.jsonl"`, `"jabs.jsonl"`)),
		"the numbers of files in the ex": exportOf(t, swap(models.ExportManifestName, `"contents":1`, `"contents":7`)),
	} {
		broken := filepath.Join(t.TempDir(), "broken.zip")
		require.NoError(t, os.WriteFile(broken, raw, 0o600))
		r := run(within(t), t, Deps{}, s.env(), "account", "check-export", broken)
		require.NotZero(t, r.code, says)
		require.Contains(t, r.err, says)
	}
}

func TestUsersAreListedAndErased(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	r := run(within(t), t, Deps{}, s.env(), "admin", "users", "list")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "u1")
	require.NotContains(t, r.out, "\x1b[2J")
	require.Equal(t, ExitUsage, run(within(t), t, Deps{}, s.env(), "admin", "users", "erase", "u1").code)
	require.Equal(t, ExitUsage, run(within(t), t, Deps{}, s.env(), "admin", "users", "erase", "u1", "--confirm", "u2").code)
	require.False(t, strings.Contains(strings.Join(s.requests, " "), "DELETE"))
	r = run(within(t), t, Deps{}, s.env(), "admin", "users", "erase", "u1", "--confirm", "u1")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "The user u1 is erased.")
}

// FuzzCheckExport reads whatever somebody calls an export.
func FuzzCheckExport(f *testing.F) {
	f.Add([]byte("PK"))
	f.Add([]byte(`{"format":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "x.zip")
		require.NoError(t, os.WriteFile(path, raw, 0o600))
		_, err := checkExport(t.Context(), path)
		require.Error(t, err)
	})
}
