package api

import (
	"bufio"
	"encoding/base64"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

const (
	tusHeader = "Tus-Resumable: 1.0.0"
	aChunk    = "Content-Type: application/offset+octet-stream"
)

// metadataOf is an Upload-Metadata of pairs of keys and values.
func metadataOf(pairs ...string) string {
	var all []string
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return "Upload-Metadata: " + strings.Join(all, ",")
}

// begin makes an upload.
func (a *testAPI) begin(name string, length int, more ...string) openapi.AssetUpload {
	a.t.Helper()
	headers := append([]string{"Content-Type: ", tusHeader, "Upload-Length: " + strconv.Itoa(length), metadataOf("filename", name)}, more...)
	res := a.do("POST", "/v1/uploads", "", headers...).want(201)
	u := decodeAs[openapi.AssetUpload](res)
	require.Equal(a.t, "/v1/uploads/"+u.ID, res.header.Get("Location"))
	require.Equal(a.t, "0", res.header.Get("Upload-Offset"))
	require.NotEmpty(a.t, res.header.Get("Upload-Expires"))
	return u
}

func (a *testAPI) goOn(id string, offset int, body string, more ...string) answer {
	a.t.Helper()
	return a.do("PATCH", "/v1/uploads/"+id, body, append([]string{tusHeader, aChunk, "Upload-Offset: " + strconv.Itoa(offset)}, more...)...)
}

// head asks for an upload as clients of the protocol do.
func (a *testAPI) head(id string, more ...string) answer {
	a.t.Helper()
	return a.do("HEAD", "/v1/uploads/"+id, "", append([]string{tusHeader}, more...)...)
}

func (a *testAPI) offset(id string) int {
	a.t.Helper()
	n, err := strconv.Atoi(a.head(id).want(200).header.Get("Upload-Offset"))
	require.NoError(a.t, err)
	return n
}

// staged counts the files of what has arrived of uploads.
func (a *testAPI) staged() int {
	a.t.Helper()
	entries, err := os.ReadDir(filepath.Join(a.folder, "staged"))
	require.NoError(a.t, err)
	return len(entries)
}

func TestUploadsInParts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	picture := aPicture(t, 21)
	u := a.begin("hero.png", len(picture))
	require.Equal(t, openapi.AssetUploadState("open"), u.State)
	half := len(picture) / 2
	first := a.goOn(u.ID, 0, picture[:half]).want(204)
	require.Equal(t, strconv.Itoa(half), first.header.Get("Upload-Offset"))
	require.Equal(t, "1.0.0", first.header.Get("Tus-Resumable"))
	require.Empty(t, first.header.Get("Spark-Asset-Id"))

	asked := a.head(u.ID).want(200)
	require.Equal(t, strconv.Itoa(half), asked.header.Get("Upload-Offset"))
	require.Equal(t, strconv.Itoa(len(picture)), asked.header.Get("Upload-Length"))
	require.Equal(t, "no-store", asked.header.Get("Cache-Control"))
	require.Equal(t, metadataOf("filename", "hero.png"), "Upload-Metadata: "+asked.header.Get("Upload-Metadata"))

	for _, wrong := range []int{0, half - 1, half + 1, len(picture)} {
		a.goOn(u.ID, wrong, "x").problem(409, models.CodeConflict)
	}
	require.Equal(t, half, a.offset(u.ID))
	last := a.goOn(u.ID, half, picture[half:]).want(204)
	id := last.header.Get("Spark-Asset-Id")
	require.Equal(t, picture, string(a.do("GET", "/v1/assets/"+id+"/content", "").want(200).body))
	require.Zero(t, a.staged())

	// What has become of it is told for a while, also to who repeats the end.
	shown := decodeAs[openapi.AssetUpload](a.do("GET", "/v1/uploads/"+u.ID, "").want(200))
	require.Equal(t, openapi.AssetUploadState("finished"), shown.State)
	require.Equal(t, id, *shown.AssetID)
	require.Equal(t, id, a.head(u.ID).want(200).header.Get("Spark-Asset-Id"))
	require.Equal(t, id, a.goOn(u.ID, len(picture), "").want(204).header.Get("Spark-Asset-Id"))
	require.Equal(t, []openapi.AssetUpload{shown}, decodeAs[openapi.AssetUploadList](a.do("GET", "/v1/uploads", "").want(200)).Data)

	// The same content again is the same asset.
	again := a.begin("other.png", len(picture), metadataOf("name", "other.png", "type", "image/png"))
	require.Equal(t, id, a.goOn(again.ID, 0, picture).want(204).header.Get("Spark-Asset-Id"))
	a.do("DELETE", "/v1/uploads/"+again.ID, "", tusHeader).want(204)
	a.head(again.ID).want(404)
	a.do("GET", "/v1/assets/"+id, "").want(200)
}

func TestUploadsThatBeginWithAPart(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	begin := func(body string, more ...string) answer {
		return a.do("POST", "/v1/uploads", body, append([]string{tusHeader, aChunk, metadataOf("filename", "a.txt")}, more...)...)
	}
	res := begin("he", "Upload-Length: 5").want(201)
	require.Equal(t, "2", res.header.Get("Upload-Offset"))
	require.NotEmpty(t, a.goOn(decodeAs[openapi.AssetUpload](res).ID, 2, "llo").want(204).header.Get("Spark-Asset-Id"))

	whole := begin("whole", "Upload-Length: 5", "Idempotency-Key: once").want(201)
	require.Equal(t, openapi.AssetUploadState("finished"), decodeAs[openapi.AssetUpload](whole).State)
	again := begin("whole", "Upload-Length: 5", "Idempotency-Key: once").want(201)
	require.Equal(t, "true", again.header.Get("Idempotent-Replayed"))
	require.Equal(t, whole.body, again.body)

	// What fails leaves nothing behind.
	begin("too much", "Upload-Length: 5").problem(413, models.CodePayloadTooLarge)
	begin("\x00\x01\x02\x03\x04", "Upload-Length: 5").problem(400, models.CodeAssetRefused)
	for _, u := range decodeAs[openapi.AssetUploadList](a.do("GET", "/v1/uploads", "").want(200)).Data {
		require.NotEqual(t, openapi.AssetUploadState("open"), u.State)
	}
	require.Zero(t, a.staged())
}

func TestUploadsWhoseLengthComesLater(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	begin := func() string {
		t.Helper()
		res := a.do("POST", "/v1/uploads", "", "Content-Type: ", tusHeader, "Upload-Defer-Length: 1", metadataOf("filename", "a.txt")).want(201)
		return decodeAs[openapi.AssetUpload](res).ID
	}
	id := begin()
	a.goOn(id, 0, "hello").want(204)
	require.Equal(t, "1", a.head(id).want(200).header.Get("Upload-Defer-Length"))
	a.goOn(id, 5, "x", "Upload-Length: 3").problem(400, models.CodeInvalidRequest)
	a.goOn(id, 5, " you", "Upload-Length: 12").want(204)
	require.Equal(t, "12", a.head(id).want(200).header.Get("Upload-Length"))
	a.goOn(id, 9, "x", "Upload-Length: 10").problem(400, models.CodeInvalidRequest) // it is known
	require.NotEmpty(t, a.goOn(id, 9, " !\n").want(204).header.Get("Spark-Asset-Id"))

	// The length may come when all has arrived, without a byte.
	id = begin()
	a.goOn(id, 0, "all of it").want(204)
	require.NotEmpty(t, a.goOn(id, 9, "", "Upload-Length: 9").want(204).header.Get("Spark-Asset-Id"))
	require.Zero(t, a.staged())
}

func TestUploadsThatCannotBegin(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for name, c := range map[string]struct {
		headers []string
		status  int
		code    models.Code
	}{
		"no version":      {[]string{"Upload-Length: 5", metadataOf("filename", "a.txt")}, 412, models.CodePreconditionFailed},
		"another version": {[]string{"Tus-Resumable: 0.2.2", "Upload-Length: 5", metadataOf("filename", "a.txt")}, 412, models.CodePreconditionFailed},
		"no length":       {[]string{tusHeader, metadataOf("filename", "a.txt")}, 400, models.CodeInvalidRequest},
		"no number":       {[]string{tusHeader, "Upload-Length: x", metadataOf("filename", "a.txt")}, 400, models.CodeInvalidRequest},
		"negative":        {[]string{tusHeader, "Upload-Length: -5", metadataOf("filename", "a.txt")}, 400, models.CodeInvalidRequest},
		"two lengths":     {[]string{tusHeader, "Upload-Length: 5", "Upload-Defer-Length: 1", metadataOf("filename", "a.txt")}, 400, models.CodeInvalidRequest},
		"too large":       {[]string{tusHeader, "Upload-Length: 67108865", metadataOf("filename", "a.txt")}, 413, models.CodePayloadTooLarge},
		"far too large":   {[]string{tusHeader, "Upload-Length: 9223372036854775807", metadataOf("filename", "a.txt")}, 413, models.CodePayloadTooLarge},
		"beyond numbers":  {[]string{tusHeader, "Upload-Length: 9223372036854775808", metadataOf("filename", "a.txt")}, 400, models.CodeInvalidRequest},
		"empty":           {[]string{tusHeader, "Upload-Length: 0", metadataOf("filename", "a.txt")}, 400, models.CodeAssetRefused},
		"no name":         {[]string{tusHeader, "Upload-Length: 5"}, 400, models.CodeInvalidRequest},
		"a path":          {[]string{tusHeader, "Upload-Length: 5", metadataOf("filename", "../a.txt")}, 400, models.CodeInvalidRequest},
		"not base64":      {[]string{tusHeader, "Upload-Length: 5", "Upload-Metadata: filename ***"}, 400, models.CodeInvalidRequest},
		"no kind":         {[]string{tusHeader, "Upload-Length: 5", metadataOf("filename", "a.exe")}, 400, models.CodeAssetTypeMismatch},
		"another type":    {[]string{tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt", "filetype", "image/png")}, 400, models.CodeAssetTypeMismatch},
		"no digest":       {[]string{tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt", "sha256", "abc")}, 400, models.CodeInvalidRequest},
		"another method": {[]string{tusHeader, "Upload-Length: 5", "X-HTTP-Method-Override: PATCH", metadataOf("filename", "a.txt")},
			400, models.CodeInvalidRequest},
		"a long metadata": {[]string{tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt", "x", strings.Repeat("x", 4096))},
			400, models.CodeInvalidRequest},
		"concatenation":    {[]string{tusHeader, "Upload-Concat: final;/v1/uploads/a", metadataOf("filename", "a.txt")}, 400, models.CodeInvalidRequest},
		"the IETF's draft": {[]string{"Upload-Draft-Interop-Version: 6", "Upload-Complete: ?1", "Upload-Length: 5"}, 412, models.CodePreconditionFailed},
	} {
		res := a.do("POST", "/v1/uploads", "", append([]string{"Content-Type: "}, c.headers...)...)
		require.Equal(t, c.code, res.problem(c.status, c.code).Code, name)
		require.Equal(t, c.status == 412, res.header.Get("Tus-Version") != "", name)
	}
	a.do("POST", "/v1/uploads", "hello", tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt")).problem(415, "unsupported_media_type")
	require.Empty(t, decodeAs[openapi.AssetUploadList](a.do("GET", "/v1/uploads", "").want(200)).Data)

	u := a.begin("a.txt", 5)
	a.do("PATCH", "/v1/uploads/"+u.ID, "hello", tusHeader, "Upload-Offset: 0").problem(415, "unsupported_media_type")
	a.do("PATCH", "/v1/uploads/"+u.ID, "hello", tusHeader, aChunk).problem(400, models.CodeInvalidRequest)
	a.do("PATCH", "/v1/uploads/"+u.ID, "hello", aChunk, "Upload-Offset: 0").problem(412, models.CodePreconditionFailed)
	a.do("POST", "/v1/uploads/"+u.ID, "hello", tusHeader, aChunk, "Upload-Offset: 0", "X-HTTP-Method-Override: PATCH").problem(405, "method_not_allowed")
	a.goOn(u.ID, 0, "hello!").problem(413, models.CodePayloadTooLarge)
	a.send("PATCH", "/v1/uploads/"+u.ID, chunked("hello!"), tusHeader, aChunk, "Upload-Offset: 0").problem(413, models.CodePayloadTooLarge)
	require.Zero(t, a.offset(u.ID))
	require.Zero(t, a.staged())
	for _, id := range []string{models.NewID(), "x", "..%2F" + u.ID} {
		a.goOn(id, 0, "hello").problem(404, models.CodeNotFound)
	}
}

// chunked is a body whose length is not told.
func chunked(text string) *bufio.Reader { return bufio.NewReader(strings.NewReader(text)) }

func TestUploadsThatAreRefusedAtTheirEnd(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	hostile := aPicture(t, 22) + "PK\x05\x06" + strings.Repeat("\x00", 18)
	for name, c := range map[string]struct {
		file, content string
		code          models.Code
		more          []string
	}{
		"two in one":     {"both.png", hostile, models.CodeAssetRefused, nil},
		"another kind":   {"a.png", "<html><script>alert(1)</script>", models.CodeAssetTypeMismatch, nil},
		"a script":       {"a.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, models.CodeAssetRefused, nil},
		"another digest": {"a.txt", "hello", models.CodeAssetRefused, []string{metadataOf("filename", "a.txt", "sha256", strings.Repeat("0", 64))}},
	} {
		u := a.begin(c.file, len(c.content), c.more...)
		a.goOn(u.ID, 0, c.content[:3]).want(204)
		why := a.goOn(u.ID, 3, c.content[3:]).problem(400, c.code)
		shown := decodeAs[openapi.AssetUpload](a.do("GET", "/v1/uploads/"+u.ID, "").want(200))
		require.Equal(t, openapi.AssetUploadState("refused"), shown.State, name)
		require.Equal(t, why.Detail, shown.Error.Message, name)
		require.Equal(t, c.code, shown.Error.Code, name)
		a.head(u.ID).want(400)
		a.goOn(u.ID, 3, c.content[3:]).problem(400, c.code)
		require.Zero(t, a.staged(), name)
		a.do("DELETE", "/v1/uploads/"+u.ID, "", tusHeader).want(204)
	}
	require.Empty(t, decodeAs[openapi.AssetList](a.do("GET", "/v1/assets", "").want(200)).Data)
}

func TestUploadsOfOthers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	u := a.begin("a.txt", 5)
	other := "Authorization: Bearer " + a.stranger
	a.do("GET", "/v1/uploads/"+u.ID, "", other).problem(404, models.CodeNotFound)
	a.head(u.ID, other).want(404)
	a.goOn(u.ID, 0, "hello", other).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/uploads/"+u.ID, "", tusHeader, other).problem(404, models.CodeNotFound)
	require.Empty(t, decodeAs[openapi.AssetUploadList](a.do("GET", "/v1/uploads", "", other).want(200)).Data)
	require.Zero(t, a.offset(u.ID))

	// Assets are the account's: who is restricted to a project reaches none.
	project := a.newProject().ID
	within := "Authorization: Bearer " + decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","project_id":"`+project+`"}`,
		"Authorization: Bearer "+a.admin).want(201)).Key
	a.do("GET", "/v1/assets", "", within).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/assets?name=a.txt", "x", raw, within).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/uploads", "", within).problem(403, models.CodeForbidden)
	a.goOn(u.ID, 0, "hello", within).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/uploads", "", "Content-Type: ", tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt"), within).problem(403, models.CodeForbidden)
	asset := decodeAs[openapi.Asset](a.do("POST", "/v1/assets?name=a.txt", "mine", raw).want(201)).ID
	for _, path := range []string{"", "/content"} {
		a.do("GET", "/v1/assets/"+asset+path, "", within).problem(403, models.CodeForbidden)
	}
	a.do("POST", "/v1/projects/"+project+"/changes", `{"changes":[{"op":"create","path":"a.txt","asset":"`+asset+`"}]}`, within).problem(403, models.CodeForbidden)
}
