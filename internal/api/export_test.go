package api

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/models"
)

// unzipped is what an export has, by name, with its manifest.
func unzipped(t *testing.T, raw []byte) (map[string][]byte, models.ExportManifest) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	require.NoError(t, err)
	files := make(map[string][]byte)
	for _, f := range z.File {
		in, err := f.Open()
		require.NoError(t, err)
		files[f.Name], err = io.ReadAll(in)
		require.NoError(t, err)
	}
	var m models.ExportManifest
	require.NoError(t, json.Unmarshal(files[models.ExportManifestName], &m))
	require.Len(t, files, len(m.Files)+1)
	for _, f := range m.Files {
		sum := sha256.Sum256(files[f.Name])
		require.Equal(t, []any{f.Size, f.SHA256}, []any{int64(len(files[f.Name])), hex.EncodeToString(sum[:])}, f.Name)
	}
	return files, m
}

// stored are the files that an export has, by digest.
func stored(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for in := tar.NewReader(bytes.NewReader(raw)); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		require.NotContains(t, all, h.Name, "each is there once")
		body, err := io.ReadAll(in)
		require.NoError(t, err)
		sum := sha256.Sum256(body)
		require.Equal(t, h.Name, hex.EncodeToString(sum[:]))
		all[h.Name] = string(body)
	}
}

func rowsOf[T any](t *testing.T, lines []byte) (all []T) {
	t.Helper()
	for in := bufio.NewScanner(bytes.NewReader(lines)); in.Scan(); {
		var row T
		require.NoError(t, json.Unmarshal(in.Bytes(), &row))
		all = append(all, row)
	}
	return all
}

// furnish gives an account a part of everything, with a word in all that can have one. It answers the keys' texts.
func (a *testAPI) furnish(account, word string) (secrets []string) {
	a.t.Helper()
	plain := a.newKey(account, models.RoleOwner)
	key := bearer(plain)
	p := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"`+word+`","engine":"phaser"}`, key).want(201)).ID
	a.do("PUT", "/v1/projects/"+p+"/files/a.js", word+" first", key, "Content-Type: text/plain").want(200)
	a.do("PUT", "/v1/projects/"+p+"/files/a.js", word+" second", key, "Content-Type: text/plain").want(200)
	a.do("PUT", "/v1/projects/"+p+"/files/b.js", word+" second", key, "Content-Type: text/plain").want(200)
	a.do("POST", "/v1/jobs", `{"kind":"generation","project_id":"`+p+`","end_user":"`+word+`","metadata":{"a":"`+word+`"},"input":{"prompt":"`+word+`"}}`, key).want(202)
	a.do("POST", "/v1/pipelines", `{"project_id":"`+p+`","steps":[{"kind":"build"},{"kind":"export"}]}`, key).want(202)
	a.do("POST", "/v1/schedules", schedule(p), key).want(201)
	a.do("POST", "/v1/templates", strings.Replace(pixel, "few pixels", word, 1), key).want(201)
	a.do("POST", "/v1/assets?name="+word+".txt", word+" asset", key, "Content-Type: application/octet-stream").want(201)
	made := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"`+word+`"}`, key).want(201))
	a.signIn(word, map[string]models.MemberRole{account: models.MemberOwner})
	return []string{plain, made.Key}
}

// An owner exports their account: what the API shows is there, each file once, and no secret and nothing of another account.
func TestAccountIsExported(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	other := a.newAccount()
	secrets := append(a.furnish(a.account, "mine"), a.furnish(other, "theirs")...)
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "mine built"})
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	const path = "/v1/account/export"
	a.do("GET", path, "").problem(403, models.CodeForbidden)
	a.do("GET", path, "", bearer(a.newKey(a.account, models.RoleViewer))).problem(403, models.CodeForbidden)
	head := a.do("HEAD", path, "", owner).want(200)
	require.Empty(t, head.body)
	got := a.do("GET", path, "", owner).want(200)
	require.Equal(t, []string{"application/zip", `attachment; filename="account-` + a.account + `.zip"`, "no-store"},
		[]string{got.header.Get("Content-Type"), got.header.Get("Content-Disposition"), got.header.Get("Cache-Control")})
	files, m := unzipped(t, got.body)
	require.Equal(t, []any{models.ExportFormat, a.account, false, int64(0)}, []any{m.Format, m.AccountID, m.Artifacts, m.Missing})
	for name, raw := range files {
		for _, foreign := range append([]string{other, "theirs"}, secrets...) {
			require.NotContains(t, string(raw), foreign, name)
		}
	}

	contents := stored(t, files[models.ExportContents])
	require.Len(t, contents, int(m.Contents))
	texts := make(map[string]bool)
	for _, text := range contents {
		texts[text] = true
	}
	require.True(t, texts["mine first"] && texts["mine second"] && texts["mine asset"])
	require.False(t, texts["mine built"], "files of builds are there if they are asked for")
	for _, rev := range rowsOf[struct{ Files models.Manifest }](t, files["revisions.jsonl"]) {
		for _, f := range rev.Files {
			require.Contains(t, contents, f.SHA256)
		}
	}
	type row struct{ ID, Name, Kind, State string }
	ids := func(name string) (all []string) {
		for _, r := range rowsOf[row](t, files[name+".jsonl"]) {
			all = append(all, r.ID)
		}
		return all
	}
	listed := func(path string) (all []string) {
		for _, r := range decodeAs[struct {
			Data       []row
			HasMore    bool `json:"has_more"`
			NextCursor any  `json:"next_cursor"`
		}](a.do("GET", path+"?limit=100&fields=id", "", owner).want(200)).Data {
			all = append(all, r.ID)
		}
		return all
	}
	for name, path := range map[string]string{"projects": "/v1/projects", "jobs": "/v1/jobs", "pipelines": "/v1/pipelines", "account_schedules": "/v1/schedules",
		"artifacts": "/v1/artifacts", "assets": "/v1/assets"} {
		require.NotEmpty(t, ids(name), name)
		require.ElementsMatch(t, listed(path), ids(name), name)
	}
	require.Equal(t, []string{a.account}, ids("accounts"))
	require.Contains(t, string(files["memberships.jsonl"]), "mine@example.com")
	require.Contains(t, string(files["templates.jsonl"]), `"name":"pixel"`)
	require.Contains(t, string(files["jobs.jsonl"]), `"prompt":"mine"`)
	require.Contains(t, string(files["audit_entries.jsonl"]), `"account.export"`)
	require.Equal(t, "account.export", a.entriesOf(got.header.Get("X-Request-Id"))[0].Action)

	files, m = unzipped(t, a.do("GET", path+"?artifacts=true", "", owner).want(200).body)
	require.True(t, m.Artifacts)
	require.Contains(t, stored(t, files[models.ExportContents]), art.Manifest[0].SHA256)

	// A file that is gone does not keep the rest from being exported.
	a.lose(art.Manifest[0].SHA256)
	files, m = unzipped(t, a.do("GET", path+"?artifacts=true", "", owner).want(200).body)
	require.EqualValues(t, 1, m.Missing)
	require.Contains(t, string(files[models.ExportMissing]), art.Manifest[0].SHA256)
}

// Whatever interrupts an export leaves no zip that could be taken for a whole one, and the next one may begin.
func TestInterruptedExportIsNoZip(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.furnish(a.account, "mine")
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	const path = "/v1/account/export"
	service := &accounts.Service{Exports: a.store.Exports, Contents: a.blobs}
	export, err := service.BeginExport(t.Context(), a.account, true)
	require.NoError(t, err)
	a.do("GET", path, "", owner).problem(http.StatusConflict, models.CodeLimitReached)
	var whole bytes.Buffer
	require.NoError(t, export.Write(t.Context(), &whole, func() error { return nil }))
	require.NoError(t, export.End(t.Context()))
	unzipped(t, whole.Bytes())

	for _, most := range []int{0, 100, whole.Len() / 2, whole.Len() - 1} {
		cut := &cutOff{left: most}
		export, err := service.BeginExport(t.Context(), a.account, true)
		require.NoError(t, err)
		require.ErrorIs(t, export.Write(t.Context(), cut, func() error { return nil }), io.ErrShortWrite)
		require.NoError(t, export.End(t.Context()))
		_, err = zip.NewReader(bytes.NewReader(cut.Bytes()), int64(cut.Len()))
		require.Error(t, err, "%d bytes", most)
	}
	a.do("GET", path, "", owner).want(200)
}

// cutOff takes so many bytes and no more.
type cutOff struct {
	bytes.Buffer
	left int
}

func (c *cutOff) Write(p []byte) (int, error) {
	n := min(len(p), c.left)
	c.left -= n
	_, _ = c.Buffer.Write(p[:n])
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}
