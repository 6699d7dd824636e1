package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func idempotent(key string) string { return "Idempotency-Key: " + key }

// All that can be repeated is repeated, with one effect, and the same answer byte for byte, whatever has become of the resource.
func TestRepeatedRequestsHaveOneEffect(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	first := a.write(p.ID, "a.js", "1")
	a.write(p.ID, "a.js", "2")
	beside := a.superseded(p.ID, first, map[string]string{"a.js": "1", "beside.js": "1"})
	deleted := a.newProject()
	a.do("DELETE", "/v1/projects/"+deleted.ID, "").want(204)
	failed := a.claim(a.submit(models.KindBuild))
	failed.fail()
	again := a.claim(a.submit(models.KindBuild))
	again.fail()
	_, worker := a.worker()
	lost, waiting := a.newPlace(), a.newPlace()
	a.do("POST", "/v1/pipelines/"+lost.pipeline+"/cancel", "").want(202)
	scheduled := decodeAs[openapi.Schedule](a.do("POST", "/v1/schedules", schedule(p.ID)).want(201)).ID
	under := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"retry","all":true,"dry_run":true}`).want(202)).ID
	hook := "/v1/webhooks/endpoints/" + decodeAs[openapi.WebhookEndpoint](a.do("POST", "/v1/webhooks/endpoints", endpointBody).want(201)).ID
	sent := decodeAs[openapi.WebhookDelivery](a.do("POST", hook+"/test", `{}`).want(202)).ID
	tested := make(map[string]bool)
	for _, tt := range []struct {
		op, path, body, key string
		media, other        string // "application/json" and "?x=1" unless it says otherwise
		headers             []string
		status              int
		change              func(first answer) // of the resource, between the two
	}{
		{op: "createProject", path: "/v1/projects", body: `{"name":"Fox","engine":"phaser"}`, status: 201},
		{op: "importProject", path: "/v1/projects/import", body: zipOf(t, map[string]string{"package.json": "phaser"}), status: 201, media: "application/zip",
			other: "?name=Other"},
		{op: "createAsset", path: "/v1/assets?name=hero.txt", body: "hero", status: 201, media: "application/octet-stream", other: "?name=other.txt"},
		{op: "createAssetUpload", path: "/v1/uploads", body: "he", status: 201, media: "application/offset+octet-stream",
			headers: []string{tusHeader, "Upload-Length: 5", metadataOf("filename", "a.txt")}},
		{op: "submitJob", path: "/v1/jobs", body: `{"kind":"build","project_id":"` + p.ID + `"}`, status: 202, change: func(first answer) {
			a.do("POST", "/v1/jobs/"+decodeAs[openapi.Job](first).ID+"/cancel", "").want(202)
		}},
		{op: "submitPipeline", path: "/v1/pipelines", body: `{"project_id":"` + p.ID + `","steps":[{"kind":"build"},{"kind":"build"}]}`, status: 202},
		{op: "cancelJob", path: "/v1/jobs/" + a.submit(models.KindBuild).ID + "/cancel", status: 202},
		{op: "retryJob", path: "/v1/jobs/" + failed.job.ID + "/retry", status: 202},
		{op: "approveStep", path: "/v1/pipelines/" + a.asks(p.ID) + "/steps/approval/approve", body: `{"comment":"good"}`, status: 200},
		{op: "rejectStep", path: "/v1/pipelines/" + a.asks(p.ID) + "/steps/approval/reject", body: `{}`, status: 200},
		{op: "cancelPipeline", path: "/v1/pipelines/" + waiting.pipeline + "/cancel", status: 202},
		{op: "retryPipeline", path: "/v1/pipelines/" + lost.pipeline + "/retry", status: 202},
		{op: "restoreProject", path: "/v1/projects/" + deleted.ID + "/restore", status: 200},
		{op: "duplicateProject", path: "/v1/projects/" + p.ID + "/duplicate", status: 201},
		{op: "transferProject", path: "/v1/projects/" + a.newProject().ID + "/transfer", body: `{"account_id":"` + a.newAccount() + `"}`, key: a.newMaster(),
			headers: []string{"Spark-Account: " + a.account}, status: 200},
		{op: "eraseEndUser", path: "/v1/end-users/erase", body: `{"end_user":"fox"}`, key: a.newKey(a.account, models.RoleOwner), status: 200},
		{op: "changeFiles", path: "/v1/projects/" + p.ID + "/changes", body: `{"changes":[{"op":"write","path":"b.js","text":"1"}]}`, status: 200},
		{op: "mergeRevision", path: "/v1/projects/" + p.ID + "/revisions/" + beside.ID + "/merge", body: `{"conflicts":"ours"}`, status: 200},
		{op: "restoreRevision", path: "/v1/projects/" + p.ID + "/revisions/" + first.ID + "/restore", status: 200},
		{op: "createSchedule", path: "/v1/schedules", body: schedule(p.ID), status: 201},
		{op: "createTemplate", path: "/v1/templates", body: pixel, status: 201},
		{op: "createWebhookEndpoint", path: "/v1/webhooks/endpoints", body: endpointBody, status: 201},
		{op: "testWebhookEndpoint", path: hook + "/test", body: `{}`, status: 202},
		{op: "replayWebhookEndpoint", path: hook + "/replay", body: `{"since":"2026-01-01T00:00:00Z"}`, status: 202},
		{op: "replayWebhookDelivery", path: "/v1/webhooks/deliveries/" + sent + "/replay", status: 202},
		{op: "runSchedule", path: "/v1/schedules/" + scheduled + "/run", status: 202},
		{op: "createOperation", path: "/v1/operations", body: `{"action":"cancel","filter":{"end_user":"nobody"}}`, status: 202},
		{op: "cancelOperation", path: "/v1/operations/" + under + "/cancel", status: 200},
		{op: "pauseAccount", path: "/v1/admin/accounts/" + a.newAccount() + "/pause", key: a.admin, status: 200},
		{op: "resumeAccount", path: "/v1/admin/accounts/" + a.newAccount() + "/resume", key: a.admin, status: 200},
		{op: "restoreAccount", path: "/v1/admin/accounts/" + a.newAccount() + "/restore", key: a.admin, status: 200},
		{op: "pauseKind", path: "/v1/admin/queues/analytics/pause", body: `{"reason":"x"}`, key: a.admin, status: 200},
		{op: "resumeKind", path: "/v1/admin/queues/analytics/resume", key: a.admin, status: 200},
		{op: "cancelAnyJob", path: "/v1/admin/jobs/" + a.submit(models.KindBuild).ID + "/cancel", key: a.admin, status: 202},
		{op: "retryAnyJob", path: "/v1/admin/jobs/" + again.job.ID + "/retry", key: a.admin, status: 202},
		{op: "drainWorker", path: "/v1/admin/workers/" + worker + "/drain", key: a.admin, status: 200},
		{op: "resumeWorker", path: "/v1/admin/workers/" + worker + "/resume", key: a.admin, status: 200},
		{op: "createAccount", path: "/v1/admin/accounts", body: `{"name":"x"}`, key: a.admin, status: 201},
	} {
		tested[tt.op] = true
		as := bearer(a.key)
		if tt.key != "" {
			as = bearer(tt.key)
		}
		key, media := idempotent(models.NewID()), "Content-Type: "+cmp.Or(tt.media, "application/json")
		first := a.do("POST", tt.path, tt.body, append(tt.headers, as, key, media, "X-Request-Id: first-"+tt.op)...).want(tt.status)
		a.isAudited(a.operationOf(tt.op), "first-"+tt.op)
		require.Empty(t, first.header.Get("Idempotent-Replayed"), tt.op)
		if tt.change != nil {
			tt.change(first)
		}
		stored := a.stored()
		before := stored()
		again := a.do("POST", tt.path, tt.body, append(tt.headers, as, key, media, "X-Request-Id: again-"+tt.op)...).want(tt.status)
		require.Empty(t, a.entriesOf("again-"+tt.op), tt.op)
		require.Equal(t, string(first.body), string(again.body), tt.op)
		require.Equal(t, first.header.Get("Location"), again.header.Get("Location"), tt.op)
		require.Equal(t, first.header.Get("Content-Type"), again.header.Get("Content-Type"), tt.op)
		require.Equal(t, "true", again.header.Get("Idempotent-Replayed"), tt.op)
		require.Equal(t, before, stored(), tt.op)

		a.do("POST", tt.path+cmp.Or(tt.other, "?x=1"), tt.body, append(tt.headers, as, key, media)...).problem(422, models.CodeIdempotencyMismatch)
		if tt.body != "" {
			a.do("POST", tt.path, tt.body+" ", append(tt.headers, as, key, media)...).problem(422, models.CodeIdempotencyMismatch)
		}
		require.Equal(t, before, stored(), tt.op)
	}
	for _, op := range a.doc.Operations() {
		if op.Idempotent == openapi.IdempotencyAnswer {
			require.True(t, tested[op.ID], "%s is not tested", op.ID)
		}
	}
}

// A form is the same with another boundary, which clients choose anew for each repetition, and another one with anything else in it.
func TestRepeatedForms(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	form := func(boundary, file, content string) (body, contentType string) {
		var out bytes.Buffer
		w := multipart.NewWriter(&out)
		require.NoError(t, w.SetBoundary(boundary))
		part, err := w.CreateFormFile("file", file)
		require.NoError(t, err)
		_, err = io.WriteString(part, content)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return out.String(), "Content-Type: " + w.FormDataContentType()
	}
	for path, content := range map[string][2]string{
		"/v1/assets":                        {"a fox", "a wolf"},
		"/v1/projects/import?engine=phaser": {zipOf(t, map[string]string{"a.js": "1"}), zipOf(t, map[string]string{"a.js": "2"})},
	} {
		key := idempotent(models.NewID())
		body, media := form("one", "fox.txt", content[0])
		first := a.do("POST", path, body, media, key).want(201)
		body, media = form("another", "fox.txt", content[0])
		again := a.do("POST", path, body, media, key).want(201)
		require.Equal(t, string(first.body), string(again.body), path)
		require.Equal(t, "true", again.header.Get("Idempotent-Replayed"), path)
		for _, other := range [][2]string{{"fox.txt", content[1]}, {"owl.txt", content[0]}} {
			body, media = form("one", other[0], other[1])
			a.do("POST", path, body, media, key).problem(422, models.CodeIdempotencyMismatch)
		}
		raw := "Content-Type: application/octet-stream"
		if strings.Contains(path, "import") {
			raw = asZip
		}
		a.do("POST", path, content[0], raw, key).problem(422, models.CodeIdempotencyMismatch)
	}

	// What is refused as no form leaves nothing behind.
	key := idempotent(models.NewID())
	body, media := form("one", "fox.txt", "a fox in the snow")
	a.do("POST", "/v1/assets", body[:len(body)-10], media, key).problem(400, models.CodeInvalidRequest)
	a.do("POST", "/v1/assets", body, media, key).want(201)
}

// Of any number of requests at once with a key, one has an effect, and the others hear of it or are told to ask again.
func TestTwinsAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	for _, tt := range []struct{ path, body string }{
		{"/v1/jobs", `{"kind":"build","project_id":"` + p.ID + `"}`},
		{"/v1/jobs", `{"kind":"build","project_id":"` + p.ID + `","concurrency_key":"k"}`},
		{"/v1/projects", `{"name":"Twins","engine":"phaser"}`},
	} {
		key := idempotent(models.NewID())
		answers := make([]answer, 12)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = a.do("POST", tt.path, tt.body, key) })
		}
		all.Wait()
		final := a.do("POST", tt.path, tt.body, key)
		for _, got := range answers {
			if got.status == http.StatusConflict {
				require.Equal(t, models.CodeIdempotencyInFlight, got.problem(409, models.CodeIdempotencyInFlight).Code)
				require.NotEmpty(t, got.header.Get("Retry-After"))
				continue
			}
			require.Equal(t, final.status, got.status)
			require.Equal(t, string(final.body), string(got.body))
		}
		require.Less(t, final.status, 300)
	}
	require.Len(t, decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?project_id="+p.ID, "").want(200)).Data, 2)
	twins := 0
	for _, one := range decodeAs[openapi.ProjectList](a.do("GET", "/v1/projects", "").want(200)).Data {
		if one.Name == "Twins" {
			twins++
		}
	}
	require.Equal(t, 1, twins)
}

// What is refused leaves nothing behind: put right, it may be asked for with the same key.
func TestRefusedRequestsAreNotRemembered(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	failed := a.submit(models.KindBuild)
	for _, refused := range []struct {
		path, body string
		status     int
	}{
		{"/v1/jobs", `{"kind":"build"}`, 400},
		{"/v1/jobs", `{"kind":"dance"}`, 400},
		{"/v1/jobs", `{"kind":"build","project_id":"` + models.NewID() + `"}`, 404},
		{"/v1/jobs/" + failed.ID + "/retry", "", 409},
	} {
		key := idempotent(models.NewID())
		a.do("POST", refused.path, refused.body, key).want(refused.status)
		a.do("POST", refused.path, refused.body, key).want(refused.status)
		a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`"}`, key).want(202)
	}
}

// A key is its account's own, and a bad one is a mistake.
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	body := `{"name":"Fox","engine":"phaser"}`
	mine := a.do("POST", "/v1/projects", body, idempotent("k")).want(201)
	theirs := a.do("POST", "/v1/projects", body, idempotent("k"), bearer(a.stranger)).want(201)
	require.NotEqual(t, string(mine.body), string(theirs.body))
	for _, bad := range []string{strings.Repeat("x", 256), "a\tb", "füchse", " "} {
		p := a.do("POST", "/v1/projects", body, idempotent(bad)).problem(400, models.CodeInvalidRequest)
		require.Equal(t, "Idempotency-Key", (*p.Errors)[0].Parameter)
	}
	a.do("GET", "/v1/projects", "", idempotent("k")).want(200) // which repeats as it is
}

// An answer with a secret is not stored, and a repetition says what there is.
func TestSecretsAreShownOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	key := idempotent("k")
	made := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x"}`, owner, key).want(201))
	again := a.do("POST", "/v1/keys", `{"name":"x"}`, owner, key)
	require.Equal(t, made.ID, *again.problem(409, models.CodeSecretShown).ResourceID)
	require.NotContains(t, string(again.body), made.Key)
	a.do("POST", "/v1/keys", `{"name":"y"}`, owner, key).problem(422, models.CodeIdempotencyMismatch)
}

// lossy keeps no answers.
type lossy struct {
	keptAnswers
	age float64
}

type keptAnswers interface {
	Answer(ctx context.Context, accountID, key string) (*models.Answer, error)
	Keep(ctx context.Context, a *models.Answer) error
}

func (l *lossy) Keep(context.Context, *models.Answer) error {
	return errors.New("the process ends here")
}

func (l *lossy) Answer(ctx context.Context, accountID, key string) (*models.Answer, error) {
	a, err := l.keptAnswers.Answer(ctx, accountID, key)
	if err == nil {
		a.Age += l.age
	}
	return a, err
}

// A process that ends between the effect and the answer does not make a second effect possible.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	l := &lossy{}
	a := newTestAPI(t, func(o *Options) {
		l.keptAnswers = o.Answers
		o.Answers = l
	})
	p := a.newProject()
	key, body := idempotent("k"), fmt.Sprintf(`{"kind":"build","project_id":%q}`, p.ID)
	job := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", body, key).want(202))
	a.do("POST", "/v1/jobs", body, key).problem(409, models.CodeIdempotencyInFlight)
	l.age = 61
	require.Equal(t, job.ID, *a.do("POST", "/v1/jobs", body, key).problem(409, models.CodeAnswerLost).ResourceID)
	require.Len(t, decodeAs[openapi.JobList](a.do("GET", "/v1/jobs", "").want(200)).Data, 1)
}

// A handler that panics is answered as ever, and leaves nothing behind.
func TestPanicWithAnIdempotencyKey(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) { o.Submitter = nil })
	p := a.newProject()
	a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`"}`, idempotent("k")).problem(500, models.CodeInternal)
	a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, idempotent("k")).want(201)
}
