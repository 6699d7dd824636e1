package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/platform/egress"
	"github.com/spark-games/spark/internal/webhooks"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/internal/webhooks/seal"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/models"
)

const endpointBody = `{"url":"https://example.com/hook","events":["job.*"]}`

func newWebhooks(t *testing.T, s *store.Store) *webhooks.Service {
	t.Helper()
	box, err := seal.New(models.NewSecret("a key for the tests of webhooks"))
	require.NoError(t, err)
	return &webhooks.Service{Endpoints: s.Webhooks, Log: s.Webhooks, Guard: egress.New(egress.Policy{}), Sealer: box,
		Renderer: &catalogue.Renderer{Base: "https://spark.example"}, Most: 5, Clock: s.Schedules.Now}
}

func TestWebhookEndpoints(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	created := a.do("POST", "/v1/webhooks/endpoints", `{"url":"https://EXAMPLE.com:443/hook?a=b","project_id":"`+p.ID+`","description":"ours","events":["job.succeeded","job.failed"],
		"headers":{"authorization":"Bearer hunter2","X-Team":"foxes"},"payload":"full","template":"{\"text\":\"{{data.job_id}}\"}"}`).want(201)
	made := decodeAs[openapi.WebhookEndpoint](created)
	path := "/v1/webhooks/endpoints/" + made.ID
	require.Equal(t, path, created.header.Get("Location"))
	assert.Equal(t, "https://example.com/hook?a=b", made.URL)
	assert.Equal(t, []any{p.ID, "ours", models.WebhookFull, models.WebhookEnabled}, []any{*made.ProjectID, made.Description, made.Payload, made.State})
	assert.Equal(t, []string{"Authorization", "X-Team"}, made.HeaderNames)
	assert.NotContains(t, string(created.body), "hunter2")
	got := a.do("GET", path, "").want(200)
	assert.Equal(t, made, decodeAs[openapi.WebhookEndpoint](got))
	seen := got.header.Get("ETag")

	other := decodeAs[openapi.WebhookEndpoint](a.do("POST", "/v1/webhooks/endpoints", endpointBody).want(201))
	ids := func(query string) (ids []string) {
		for _, e := range decodeAs[openapi.WebhookEndpointList](a.do("GET", "/v1/webhooks/endpoints?"+query, "").want(200)).Data {
			ids = append(ids, e.ID)
		}
		return ids
	}
	assert.Equal(t, []string{other.ID, made.ID}, ids(""))
	assert.Equal(t, []string{made.ID}, ids("project_id="+p.ID))
	first := decodeAs[openapi.WebhookEndpointList](a.do("GET", "/v1/webhooks/endpoints?limit=1", "").want(200))
	require.True(t, first.HasMore)
	assert.Equal(t, []string{made.ID}, ids("cursor="+*first.NextCursor))

	// Changes are of the version that was seen.
	off := a.do("PATCH", path, `{"enabled":false,"events":[],"headers":{},"template":""}`, "If-Match: "+seen).want(200)
	changed := decodeAs[openapi.WebhookEndpoint](off)
	assert.Equal(t, []any{models.WebhookDisabled, "requested", []string{}, []string{}}, []any{changed.State, *changed.Reason, changed.Events, changed.HeaderNames})
	assert.Nil(t, changed.Template)
	a.do("PATCH", path, `{"enabled":true}`, "If-Match: "+seen).problem(412, models.CodePreconditionFailed)
	a.do("DELETE", path, "", "If-Match: "+seen).problem(412, models.CodePreconditionFailed)
	a.do("POST", path+"/test", `{}`).problem(409, models.CodeConflict)
	on := decodeAs[openapi.WebhookEndpoint](a.do("PATCH", path, `{"enabled":true}`, "If-Match: "+off.header.Get("ETag")).want(200))
	assert.Nil(t, on.Reason)

	health := decodeAs[openapi.WebhookHealth](a.do("GET", path+"/health", "").want(200))
	assert.Nil(t, health.SuccessRate)
	for _, foreign := range []struct{ method, path, body string }{
		{"GET", path, ""}, {"PATCH", path, `{"enabled":true}`}, {"DELETE", path, ""}, {"GET", path + "/secrets", ""}, {"POST", path + "/secrets/rotate", `{}`},
		{"GET", path + "/health", ""}, {"POST", path + "/test", `{}`}, {"POST", path + "/replay", `{"since":"2026-01-01T00:00:00Z"}`},
	} {
		a.do(foreign.method, foreign.path, foreign.body, bearer(a.stranger)).problem(404, models.CodeNotFound)
		a.do(foreign.method, strings.Replace(foreign.path, made.ID, "whe_x", 1), foreign.body).problem(404, models.CodeNotFound)
	}
	a.do("DELETE", path, "").want(204)
	a.do("GET", path, "").problem(404, models.CodeNotFound)
	for range 4 {
		a.do("POST", "/v1/webhooks/endpoints", endpointBody).want(201)
	}
	a.do("POST", "/v1/webhooks/endpoints", endpointBody).problem(409, models.CodeLimitReached)
	types := decodeAs[openapi.WebhookEventTypes](a.do("GET", "/v1/webhooks/event-types", "").want(200))
	assert.Len(t, types.Data, len(catalogue.Types()))
}

// What is refused says where and why, and quotes nothing that is secret.
func TestWebhookEndpointsThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	there := a.do("POST", "/v1/webhooks/endpoints", endpointBody).want(201).header.Get("Location")
	for url, reason := range map[string]string{"https://169.254.169.254/latest": "address", "http://example.com/": "scheme", "https://localhost/": "name", "https://2130706433/": "host",
		"https://example.com:22/": "port", "https://me@example.com/": "userinfo", "nonsense": "syntax", "https://example.com/#a": "fragment", "https://[::ffff:10.0.0.1]/": "host"} {
		for _, refused := range []answer{a.do("POST", "/v1/webhooks/endpoints", `{"url":"`+url+`"}`), a.do("PATCH", there, `{"url":"`+url+`"}`)} {
			problem := refused.problem(400, models.CodeWebhookURLRefused)
			assert.Equal(t, reason, *problem.Reason, url)
			assert.Equal(t, "/url", (*problem.Errors)[0].Pointer)
		}
	}
	for body, pointer := range map[string]string{
		`"events":["job.succeeded","job.exploded"]`: "/events/1", `"headers":{"Webhook-Id":"a"}`: "/headers/Webhook-Id", `"headers":{"X-A":"a\nhunter2"}`: "/headers/X-A",
		`"template":"{{secret}}"`: "/template", `"secret":"hunter2"`: "/secret", `"signing":"ed25519","secret":"whsec_hunter2"`: "/secret", `"project_id":"` + models.NewID() + `"`: "/project_id",
		`"description":"a\u0000hunter2"`: "/description",
	} {
		refused := a.do("POST", "/v1/webhooks/endpoints", `{"url":"https://example.com/",`+body+`}`)
		assert.Equal(t, pointer, (*refused.problem(400, models.CodeInvalidRequest).Errors)[0].Pointer, body)
		assert.NotContains(t, string(refused.body), "hunter2")
	}
	foreign := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, bearer(a.stranger)).want(201))
	a.do("POST", "/v1/webhooks/endpoints", `{"url":"https://example.com/","project_id":"`+foreign.ID+`"}`).problem(400, models.CodeInvalidRequest)
	viewer := bearer(a.newKey(a.account, models.RoleViewer))
	a.do("GET", there, "", viewer).want(200)
	a.do("GET", there+"/secrets", "", viewer).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/webhooks/endpoints", endpointBody, viewer).problem(403, models.CodeForbidden)
}

// Secrets are what receivers verify with; while one replaces another, either does.
func TestWebhookSecrets(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	chosen := signature.NewSymmetric()
	path := a.do("POST", "/v1/webhooks/endpoints", `{"url":"https://example.com/","secret":"`+chosen.Secret()+`"}`).want(201).header.Get("Location") + "/secrets"
	secrets := func(path string) []openapi.WebhookSecret {
		return decodeAs[openapi.WebhookSecretList](a.do("GET", path, "").want(200)).Data
	}
	require.Len(t, secrets(path), 1)
	assert.Equal(t, chosen.Secret(), secrets(path)[0].Key)

	key := idempotent("k")
	fresh := decodeAs[openapi.WebhookSecret](a.do("POST", path+"/rotate", `{"overlap_seconds":3600}`, key).want(201))
	a.do("POST", path+"/rotate", `{"overlap_seconds":3600}`, key).problem(409, models.CodeSecretShown)
	both := secrets(path)
	require.Len(t, both, 2)
	assert.Equal(t, []string{fresh.Key, chosen.Secret()}, []string{both[0].Key, both[1].Key})
	assert.Nil(t, both[0].ExpiresAt)
	assert.WithinDuration(t, time.Now().Add(time.Hour), *both[1].ExpiresAt, 5*time.Minute)

	pair := decodeAs[openapi.WebhookSecret](a.do("POST", path+"/rotate", `{"kind":"ed25519"}`).want(201))
	require.True(t, strings.HasPrefix(pair.Key, "whpk_"), pair.Key)
	again := decodeAs[openapi.WebhookSecret](a.do("POST", path+"/rotate", `{"kind":"symmetric","overlap_seconds":0}`).want(201))
	require.Len(t, secrets(path), 2, "the new one and the pair")

	// They are what is stored, opened.
	service := newWebhooks(t, a.store)
	stored, err := a.store.Webhooks.Secrets(t.Context(), a.account, strings.Split(path, "/")[4])
	require.NoError(t, err)
	header := make(http.Header)
	var keys []signature.Key
	for i := range stored {
		assert.NotContains(t, string(stored[i].Sealed), again.Key)
		k, err := webhooks.Open(service.Sealer, &stored[i])
		require.NoError(t, err)
		keys = append(keys, k)
	}
	require.NoError(t, signature.Headers(header, "msg_1", time.Now(), []byte("{}"), keys...))
	require.NoError(t, client.VerifyWebhook(header, []byte("{}"), pair.Key))
	require.NoError(t, client.VerifyWebhook(header, []byte("{}"), again.Key))
	require.ErrorIs(t, client.VerifyWebhook(header, []byte("{}"), fresh.Key), client.ErrWebhookSignature)

	defaults := secrets("/v1/webhooks/secrets")
	require.Len(t, defaults, 1)
	assert.Equal(t, defaults, secrets("/v1/webhooks/secrets"), "made once")
	a.do("POST", "/v1/webhooks/secrets/rotate", `{}`).want(201)
	require.Len(t, secrets("/v1/webhooks/secrets"), 2)
}

func TestWebhookDeliveriesAreListed(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	e := decodeAs[openapi.WebhookEndpoint](a.do("POST", "/v1/webhooks/endpoints", endpointBody).want(201))
	path := "/v1/webhooks/endpoints/" + e.ID
	one := decodeAs[openapi.WebhookDelivery](a.do("POST", path+"/test", `{}`).want(202))
	two := decodeAs[openapi.WebhookDelivery](a.do("POST", path+"/test", `{"type":"job.failed"}`).want(202))
	assert.Equal(t, []any{"webhook.test", models.WebhookPending, e.ID}, []any{one.Type, one.State, *one.EndpointID})
	a.do("POST", path+"/test", `{"type":"job.exploded"}`).problem(400, models.CodeInvalidRequest)
	ids := func(query string) (ids []string) {
		for _, d := range decodeAs[openapi.WebhookDeliveryList](a.do("GET", "/v1/webhooks/deliveries?"+query, "").want(200)).Data {
			ids = append(ids, d.ID)
		}
		return ids
	}
	assert.Equal(t, []string{two.ID, one.ID}, ids(""))
	assert.Equal(t, []string{two.ID}, ids("type=job.failed"))
	assert.Equal(t, []string{two.ID, one.ID}, ids("endpoint_id="+e.ID+"&state=pending&since=2026-01-01T00:00:00Z"))
	assert.Empty(t, ids("until=2026-01-01T00:00:00Z"))
	assert.Empty(t, ids("state=delivered"))
	page := decodeAs[openapi.WebhookDeliveryList](a.do("GET", "/v1/webhooks/deliveries?limit=1", "").want(200))
	assert.Equal(t, []string{one.ID}, ids("cursor="+*page.NextCursor))
	for _, bad := range []string{"type=x", "endpoint_id=x", "endpoint_id=" + models.NewID(), "job_id=x", "state=x", "since=yesterday"} {
		a.do("GET", "/v1/webhooks/deliveries?"+bad, "").problem(400, models.CodeInvalidRequest)
	}
	at := "/v1/webhooks/deliveries/" + two.ID
	detail := decodeAs[openapi.WebhookDeliveryDetail](a.do("GET", at, "").want(200))
	assert.Equal(t, two.ID, detail.Delivery.ID)
	assert.Contains(t, string(detail.Payload), `"test":true`)
	assert.Empty(t, decodeAs[openapi.WebhookAttemptList](a.do("GET", at+"/attempts", "").want(200)).Data)
	a.do("POST", at+"/replay", "").want(202)
	assert.Zero(t, decodeAs[openapi.WebhookReplayed](a.do("POST", path+"/replay", `{"since":"2026-01-01T00:00:00Z","all":true}`).want(202)).Count, "none has ended")
	for _, foreign := range []struct{ method, path string }{{"GET", at}, {"GET", at + "/attempts"}, {"POST", at + "/replay"}} {
		a.do(foreign.method, foreign.path, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
		a.do(foreign.method, strings.Replace(foreign.path, two.ID, "whd_x", 1), "").problem(404, models.CodeNotFound)
	}
}

// A page in an app works with a token: it sees the endpoints of its project and what is delivered to them, and no others.
func TestWebhookTokensAreForOneProject(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	all := decodeAs[openapi.WebhookEndpoint](a.do("POST", "/v1/webhooks/endpoints", endpointBody).want(201))
	theirs := decodeAs[openapi.WebhookDelivery](a.do("POST", "/v1/webhooks/endpoints/"+all.ID+"/test", `{"type":"job.failed"}`).want(202))
	token := bearer(a.token(`{"access":"webhooks","project_id":"` + p.ID + `"}`))
	a.do("POST", "/v1/webhooks/endpoints", endpointBody, token).problem(403, models.CodeForbidden)
	own := decodeAs[openapi.WebhookEndpoint](a.do("POST", "/v1/webhooks/endpoints", `{"url":"https://example.com/","project_id":"`+p.ID+`"}`, token).want(201))
	list := decodeAs[openapi.WebhookEndpointList](a.do("GET", "/v1/webhooks/endpoints", "", token).want(200))
	require.Len(t, list.Data, 1)
	assert.Equal(t, own.ID, list.Data[0].ID)
	sent := decodeAs[openapi.WebhookDelivery](a.do("POST", "/v1/webhooks/endpoints/"+own.ID+"/test", `{}`, token).want(202))
	a.do("GET", "/v1/webhooks/endpoints/"+own.ID+"/secrets", "", token).want(200)
	a.do("GET", "/v1/webhooks/deliveries?endpoint_id="+own.ID, "", token).want(200)
	a.do("GET", "/v1/webhooks/deliveries", "", token).problem(403, models.CodeForbidden)
	for _, path := range []string{"/v1/webhooks/endpoints/" + all.ID, "/v1/webhooks/endpoints/" + all.ID + "/secrets", "/v1/webhooks/deliveries/" + theirs.ID,
		"/v1/webhooks/deliveries/" + theirs.ID + "/attempts", "/v1/webhooks/deliveries?endpoint_id=" + all.ID} {
		a.do("GET", path, "", token).problem(404, models.CodeNotFound)
	}
	a.do("GET", "/v1/webhooks/secrets", "", token).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/projects/"+p.ID, "", token).problem(403, models.CodeForbidden)
	a.do("PATCH", "/v1/webhooks/endpoints/"+own.ID, `{"enabled":false}`, token).want(200)
	a.do("GET", "/v1/webhooks/deliveries/"+sent.ID, "", token).want(200)
	a.do("DELETE", "/v1/webhooks/endpoints/"+own.ID, "", token).want(204)
}
