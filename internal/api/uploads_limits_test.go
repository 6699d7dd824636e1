package api

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/models"
)

// Of several that go on at the same place one wins, and of several that end it, too.
func TestTwinsOfParts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for _, length := range []int{5, 10} { // with the last byte, and before
		u := a.begin("a.txt", length)
		twins := make([]answer, 6)
		var wg sync.WaitGroup
		for i := range twins {
			wg.Go(func() { twins[i] = a.goOn(u.ID, 0, strings.Repeat(strconv.Itoa(i), 5)) })
		}
		wg.Wait()
		won := -1
		for i, r := range twins {
			if r.status == 409 {
				r.problem(409, models.CodeConflict)
				continue
			}
			r.want(204)
			require.Negative(t, won, "two have won")
			won = i
		}
		require.GreaterOrEqual(t, won, 0)
		require.Equal(t, 5, a.offset(u.ID))
		if length == 10 {
			a.goOn(u.ID, 5, "_____").want(204)
		}
		id := *decodeAs[openapi.AssetUpload](a.do("GET", "/v1/uploads/"+u.ID, "").want(200)).AssetID
		content := string(a.do("GET", "/v1/assets/"+id+"/content", "").want(200).body)
		require.Equal(t, strings.Repeat(strconv.Itoa(won), 5), content[:5])
		require.Zero(t, a.staged())
	}
}

// What has arrived of a request whose connection breaks is kept.
func TestBrokenPartsAreKept(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	picture := aPicture(t, 23)
	u := a.begin("hero.png", len(picture))
	conn, err := net.Dial("tcp", strings.TrimPrefix(a.url, "http://"))
	require.NoError(t, err)
	const request = "PATCH /v1/uploads/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n%s\r\nUpload-Offset: 0\r\nContent-Length: %d\r\n\r\n%s"
	_, err = fmt.Fprintf(conn, request, u.ID, a.key, tusHeader, aChunk, len(picture), picture[:40])
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	require.Eventually(t, func() bool { return a.offset(u.ID) == 40 }, 10*time.Second, 5*time.Millisecond)
	a.goOn(u.ID, 40, picture[40:]).want(204)
}

func TestOpenUploadsAreLimited(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	var wg sync.WaitGroup
	answers := make([]answer, 12)
	for i := range answers {
		wg.Go(func() {
			answers[i] = a.do("POST", "/v1/uploads", "", "Content-Type: ", tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt"))
		})
	}
	wg.Wait()
	var made []string
	for _, r := range answers {
		if r.status == 201 {
			made = append(made, decodeAs[openapi.AssetUpload](r).ID)
			continue
		}
		r.problem(409, models.CodeLimitReached)
	}
	require.Len(t, made, a.uploads.Open)
	a.goOn(made[0], 0, "hello").want(204) // one that has ended is not open
	a.begin("b.txt", 5)
	a.do("DELETE", "/v1/uploads/"+made[1], "", tusHeader).want(204)
	a.begin("b.txt", 5)
	a.do("POST", "/v1/uploads", "", "Content-Type: ", tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt")).problem(409, models.CodeLimitReached)
}

// Open uploads together are not more than the account's room.
func TestOpenUploadsKeepToTheStorage(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.limitStorage(1)
	const part = 300 << 10
	begin := func() answer {
		return a.do("POST", "/v1/uploads", "", "Content-Type: ", tusHeader, "Upload-Length: "+strconv.Itoa(part), metadataOf("filename", "a.txt"))
	}
	answers := make([]answer, 5)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = begin() })
	}
	wg.Wait()
	made := 0
	for _, r := range answers {
		if r.status == 201 {
			made++
			continue
		}
		r.problem(409, models.CodeStorageExceeded)
	}
	require.Equal(t, 3, made)
	a.do("POST", "/v1/uploads", "", "Content-Type: ", tusHeader, "Upload-Defer-Length: 1", metadataOf("filename", "a.txt")).
		problem(409, models.CodeStorageExceeded)
	a.do("POST", "/v1/assets?name=a.txt", strings.Repeat("x", 2<<20), raw).problem(409, models.CodeStorageExceeded)

	// One that has no room when it ends stays open, and may end when there is room.
	open := decodeAs[openapi.AssetUploadList](a.do("GET", "/v1/uploads", "").want(200)).Data
	a.do("POST", "/v1/assets?name=b.txt", strings.Repeat("y", 1000<<10), raw).want(201)
	require.NoError(t, a.store.Storage.NoteSince(t.Context(), time.Now().Add(-time.Hour), func(string) bool { return false }))
	text := strings.Repeat("z", part)
	a.goOn(open[0].ID, 0, text[:10]).want(204)
	require.Eventually(t, func() bool { return a.jobs.RoomFor(t.Context(), a.account, part) != nil }, 10*time.Second, 10*time.Millisecond)
	a.goOn(open[0].ID, 10, text[10:]).problem(409, models.CodeStorageExceeded)
	require.Equal(t, 10, a.offset(open[0].ID))
	require.Equal(t, 1, a.staged())
	a.limitStorage(100)
	require.Eventually(t, func() bool { return a.jobs.RoomFor(t.Context(), a.account, part) == nil }, 10*time.Second, 10*time.Millisecond)
	a.goOn(open[0].ID, 10, text[10:]).want(204)
}

// limitStorage sets how many MiB the account may store.
func (a *testAPI) limitStorage(mb int) {
	a.t.Helper()
	_, err := a.openDatabase().ExecContext(a.t.Context(), "UPDATE accounts SET max_storage_mb = ? WHERE id = ?", mb, a.account)
	require.NoError(a.t, err)
}

func TestUploadsExpire(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	require.NoError(t, a.blobs.Adopt(assetPlatform))
	gone, stays := a.begin("a.txt", 5), a.begin("b.txt", 5)
	a.goOn(gone.ID, 0, "he").want(204)
	a.goOn(stays.ID, 0, "he").want(204)
	_, err := a.openDatabase().ExecContext(t.Context(), "UPDATE asset_uploads SET expires_at = '2020-01-01 00:00:00.000+00:00' WHERE id = ?", gone.ID)
	require.NoError(t, err)
	a.head(gone.ID).want(404)
	a.goOn(gone.ID, 2, "llo").problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/uploads/"+gone.ID, "", tusHeader).problem(404, models.CodeNotFound)
	require.Len(t, decodeAs[openapi.AssetUploadList](a.do("GET", "/v1/uploads", "").want(200)).Data, 1)

	done, files, err := a.store.Retention.AssetUploads(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, done.Removed["asset_uploads"])
	require.Len(t, files, 1)
	require.Equal(t, 2, a.staged())
	// A process that is killed here leaves a file, which the sweep removes once it is old; what an upload refers to stays.
	old := time.Now().Add(-2 * time.Hour)
	entries, err := os.ReadDir(filepath.Join(a.folder, "staged"))
	require.NoError(t, err)
	for _, e := range entries {
		require.NoError(t, os.Chtimes(filepath.Join(a.folder, "staged", e.Name()), old, old))
	}
	_, err = a.blobs.SweepStaged(t.Context(), models.NewID(), a.store.Platform.EachPart) // another platform's
	require.ErrorIs(t, err, blob.ErrNotSwept)
	n, err := a.blobs.SweepStaged(t.Context(), assetPlatform, a.store.Platform.EachPart)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	a.goOn(stays.ID, 2, "llo").want(204)
}

func TestPagesMayUploadInParts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) { o.Origins = []string{"https://app.example.com"} })
	asked := a.do("OPTIONS", "/v1/uploads", "", "Authorization: ")
	require.Equal(t, 204, asked.status)
	require.Equal(t, "1.0.0", asked.header.Get("Tus-Version"))
	require.Equal(t, "creation,creation-with-upload,termination,creation-defer-length,expiration", asked.header.Get("Tus-Extension"))
	require.Equal(t, strconv.Itoa(64<<20), asked.header.Get("Tus-Max-Size"))
	preflight := a.do("OPTIONS", "/v1/uploads/"+models.NewID(), "", "Authorization: ", "Origin: https://app.example.com", "Access-Control-Request-Method: PATCH",
		"Access-Control-Request-Headers: authorization,content-type,tus-resumable,upload-offset")
	require.Equal(t, 204, preflight.status)
	require.Equal(t, "https://app.example.com", preflight.header.Get("Access-Control-Allow-Origin"))
	u := a.do("POST", "/v1/uploads", "", "Content-Type: ", "Origin: https://app.example.com", tusHeader, "Upload-Length: 5",
		metadataOf("filename", "a.txt")).want(201)
	for _, name := range []string{"Location", "Upload-Offset", "Spark-Asset-Id", "Upload-Expires"} {
		require.Contains(t, strings.ToLower(u.header.Get("Access-Control-Expose-Headers")), strings.ToLower(name))
	}
	require.Empty(t, a.do("OPTIONS", "/v1/uploads", "", "Authorization: ", "Origin: https://evil.example", "Access-Control-Request-Method: POST").
		header.Get("Access-Control-Allow-Origin"))
}

// However many parts a file comes in, its memory is that of a buffer, and large requests are kept bit by bit.
func TestLargePartsAreKeptBitByBit(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	text := bytes.Repeat([]byte("sixteen letters\n"), 20<<16) // 20 MiB
	u := a.begin("large.wav", len(text))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, a.url+"/v1/uploads/"+u.ID, bytes.NewReader(text[:17<<20]))
	require.NoError(t, err)
	for _, h := range []string{tusHeader, aChunk, "Upload-Offset: 0", "Authorization: Bearer " + a.key} {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := a.client.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 204, res.StatusCode)
	require.Equal(t, 3, a.staged())
	require.Equal(t, 17<<20, a.offset(u.ID))
}
