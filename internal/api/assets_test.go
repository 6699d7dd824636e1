package api

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/webp"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// aPicture is a PNG in a colour.
func aPicture(t *testing.T, red uint8) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 400, 100))
	for i := range img.Pix {
		img.Pix[i] = red
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.String()
}

// assetPlatform is the id of the platform of these tests.
const assetPlatform = "00000000-0000-7000-8000-00000000000a"

const raw = "Content-Type: application/octet-stream"

func aForm(t *testing.T, name, mediaType, data string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="file"; filename=%q`, name))
	h.Set("Content-Type", mediaType)
	part, err := w.CreatePart(h)
	require.NoError(t, err)
	_, err = io.WriteString(part, data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

func TestAssetsAreUploadedAndRead(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	picture := aPicture(t, 9)
	res := a.do("POST", "/v1/assets?name=hero.png", picture, raw).want(201)
	hero := decodeAs[openapi.Asset](res)
	require.Equal(t, "/v1/assets/"+hero.ID, res.header.Get("Location"))
	require.Equal(t, "png", hero.Kind)
	require.Equal(t, 400, *hero.Width)
	require.Equal(t, 100, *hero.Height)
	require.True(t, hero.Thumbnail)

	// The same content is the same asset, however it comes.
	form, contentType := aForm(t, "other.png", "image/png", picture)
	require.Equal(t, hero, decodeAs[openapi.Asset](a.do("POST", "/v1/assets", form, contentType).want(200)))
	form, contentType = aForm(t, "other.png", "image/gif", picture)
	a.do("POST", "/v1/assets", form, contentType).problem(400, models.CodeAssetTypeMismatch)

	require.Equal(t, hero, decodeAs[openapi.Asset](a.do("GET", "/v1/assets/"+hero.ID, "").want(200)))
	content := a.do("GET", "/v1/assets/"+hero.ID+"/content", "").want(200)
	require.Equal(t, picture, string(content.body))
	require.Equal(t, "image/png", content.header.Get("Content-Type"))
	require.Equal(t, "nosniff", content.header.Get("X-Content-Type-Options"))
	require.Contains(t, content.header.Get("Content-Security-Policy"), "sandbox")
	require.Equal(t, "inline; filename=hero.png", content.header.Get("Content-Disposition"))
	part := a.do("GET", "/v1/assets/"+hero.ID+"/content", "", "Range: bytes=1-3").want(206)
	require.Equal(t, "PNG", string(part.body))
	a.do("GET", "/v1/assets/"+hero.ID+"/content", "", "If-None-Match: "+content.header.Get("ETag")).want(304)
	small, err := webp.Decode(bytes.NewReader(a.do("GET", "/v1/assets/"+hero.ID+"/thumbnail", "").want(200).body))
	require.NoError(t, err)
	require.Equal(t, image.Pt(256, 64), small.Bounds().Size())

	logo := decodeAs[openapi.Asset](a.do("POST", "/v1/assets?name=logo.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`, raw).want(201))
	require.Equal(t, "attachment; filename=logo.svg", a.do("GET", "/v1/assets/"+logo.ID+"/content", "").want(200).header.Get("Content-Disposition"))
	a.do("GET", "/v1/assets/"+logo.ID+"/thumbnail", "").problem(404, models.CodeNotFound)

	all := decodeAs[openapi.AssetList](a.do("GET", "/v1/assets", "").want(200))
	require.Equal(t, []openapi.Asset{logo, hero}, all.Data)
	require.Equal(t, []openapi.Asset{hero}, decodeAs[openapi.AssetList](a.do("GET", "/v1/assets?kind=png&name=HER", "").want(200)).Data)
	require.Empty(t, decodeAs[openapi.AssetList](a.do("GET", "/v1/assets?name=%25", "").want(200)).Data)

	a.do("PATCH", "/v1/assets/"+hero.ID, `{"name":"villain.gif"}`).problem(400, models.CodeInvalidRequest)
	renamed := decodeAs[openapi.Asset](a.do("PATCH", "/v1/assets/"+hero.ID, `{"name":"villain.png"}`).want(200))
	require.Equal(t, "villain.png", renamed.Name)
	a.do("DELETE", "/v1/assets/"+hero.ID, "").want(204)
	for _, path := range []string{"", "/content", "/thumbnail"} {
		a.do("GET", "/v1/assets/"+hero.ID+path, "").problem(404, models.CodeNotFound)
	}
	a.do("DELETE", "/v1/assets/"+hero.ID, "").problem(404, models.CodeNotFound)
}

func TestAssetsThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	stored := a.stored()
	before := stored()
	for path, c := range map[string]struct {
		body string
		code models.Code
	}{
		"?name=hero.png":          {"<html><script>alert(1)</script>", models.CodeAssetTypeMismatch},
		"?name=hero.exe":          {"MZ", models.CodeAssetTypeMismatch},
		"?name=both.png":          {aPicture(t, 1) + "PK\x05\x06" + strings.Repeat("\x00", 18), models.CodeAssetRefused},
		"?name=logo.svg":          {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, models.CodeAssetRefused},
		"?name=empty.txt":         {"", models.CodeAssetRefused},
		"":                        {"text", models.CodeInvalidRequest},
		"?name=..%2Fa.txt":        {"text", models.CodeInvalidRequest},
		"?name=a%0Ab.txt":         {"text", models.CodeInvalidRequest},
		"?name=a%00.txt":          {"text", models.CodeInvalidRequest},
		"?name=a%E2%80%AEtxt.png": {"text", models.CodeInvalidRequest},
	} {
		require.Equal(t, c.code, a.do("POST", "/v1/assets"+path, c.body, raw).problem(400, c.code).Code, path)
	}
	a.do("POST", "/v1/assets?name=a.txt", "text", "Content-Type: text/html").problem(415, "unsupported_media_type")
	form, contentType := aForm(t, "a.txt", "text/plain", "text")
	a.do("POST", "/v1/assets", form[:len(form)-20], contentType).problem(400, models.CodeInvalidRequest)
	require.Equal(t, before, stored())
}

func TestAssetsOfOthers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	picture := aPicture(t, 3)
	mine := decodeAs[openapi.Asset](a.do("POST", "/v1/assets?name=hero.png", picture, raw).want(201))
	other := "Authorization: Bearer " + a.stranger
	for _, path := range []string{"", "/content", "/thumbnail"} {
		a.do("GET", "/v1/assets/"+mine.ID+path, "", other).problem(404, models.CodeNotFound)
	}
	a.do("PATCH", "/v1/assets/"+mine.ID, `{"name":"x.png"}`, other).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/assets/"+mine.ID, "", other).problem(404, models.CodeNotFound)
	require.Empty(t, decodeAs[openapi.AssetList](a.do("GET", "/v1/assets", "", other).want(200)).Data)
	// That another account has a content is not told.
	theirs := decodeAs[openapi.Asset](a.do("POST", "/v1/assets?name=hero.png", picture, raw, other).want(201))
	require.NotEqual(t, mine.ID, theirs.ID)

	project := a.newProject().ID
	a.do("POST", "/v1/projects/"+project+"/changes", `{"changes":[{"op":"create","path":"hero.png","asset":"`+theirs.ID+`"}]}`).problem(404, models.CodeNotFound)
}

func TestProjectsTakeAssets(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	require.NoError(t, a.blobs.Adopt(assetPlatform))
	picture := aPicture(t, 4)
	hero := decodeAs[openapi.Asset](a.do("POST", "/v1/assets?name=hero.png", picture, raw).want(201))
	project := a.newProject().ID
	change := func(c string) answer { return a.do("POST", "/v1/projects/"+project+"/changes", `{"changes":[`+c+`]}`) }
	change(`{"op":"create","path":"assets/hero.png","asset":"` + hero.ID + `"},{"op":"write","path":"a.js","text":"1"}`).want(200)
	for _, bad := range []string{`{"op":"delete","path":"a.js","asset":"` + hero.ID + `"}`, `{"op":"write","path":"a.js","text":"x","asset":"` + hero.ID + `"}`} {
		change(bad).problem(400, models.CodeInvalidRequest)
	}
	p := change(`{"op":"write","path":"b.png","asset":"`+models.NewID()+`"}`).problem(404, models.CodeNotFound)
	require.NotNil(t, p.Errors)

	// The asset goes, and what was taken of it stays, also after a sweep.
	a.do("DELETE", "/v1/assets/"+hero.ID, "").want(204)
	_, err := a.blobs.Sweep(t.Context(), assetPlatform, 0, time.Time{}, a.store.Platform.EachContent)
	require.NoError(t, err)
	require.Equal(t, picture, string(a.do("GET", "/v1/projects/"+project+"/files/assets/hero.png", "").want(200).body))
}

// The sweep keeps what assets consist of, and the quota counts it.
func TestAssetsAreStoredAndCounted(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	require.NoError(t, a.blobs.Adopt(assetPlatform))
	hero := decodeAs[openapi.Asset](a.do("POST", "/v1/assets?name=hero.png", aPicture(t, 5), raw).want(201))
	require.NoError(t, a.store.Storage.NoteSince(t.Context(), time.Now().Add(-time.Hour), func(string) bool { return false }))
	spent := a.storedBytes(a.account)
	require.Greater(t, spent, hero.Size)
	require.NoError(t, a.store.Storage.Recount(t.Context(), a.account))
	require.Equal(t, spent, a.storedBytes(a.account))
	_, err := a.blobs.Sweep(t.Context(), assetPlatform, 0, time.Time{}, a.store.Platform.EachContent)
	require.NoError(t, err)
	for _, path := range []string{"/content", "/thumbnail"} {
		a.do("GET", "/v1/assets/"+hero.ID+path, "").want(200)
	}
	a.do("DELETE", "/v1/assets/"+hero.ID, "").want(204)
	seen := 0
	require.NoError(t, a.store.Platform.EachContent(t.Context(), func(string) error { seen++; return nil }))
	require.Zero(t, seen)

	require.NoError(t, a.store.Storage.Recount(t.Context(), a.account))
	require.Zero(t, a.storedBytes(a.account))
}

// Twins at once are one asset, and only one of them has made it.
func TestTwinsOfAssets(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	picture := aPicture(t, 6)
	var wg sync.WaitGroup
	answers := make([]answer, 6)
	for i := range answers {
		wg.Go(func() { answers[i] = a.do("POST", "/v1/assets?name=hero.png", picture, raw) })
	}
	wg.Wait()
	made, ids := 0, map[string]bool{}
	for _, r := range answers {
		if r.status == 201 {
			made++
		} else {
			r.want(200)
		}
		ids[decodeAs[openapi.Asset](r).ID] = true
	}
	require.Equal(t, 1, made)
	require.Len(t, ids, 1)
}

// storedBytes is how much is counted as an account's.
func (a *testAPI) storedBytes(account string) (n int64) {
	a.t.Helper()
	require.NoError(a.t, a.openDatabase().QueryRowContext(context.Background(), "SELECT coalesce(sum(bytes), 0) FROM account_storage WHERE account_id = ?", account).Scan(&n))
	return n
}
