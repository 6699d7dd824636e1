package catalogue_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/models"
)

var at = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

func body(t *testing.T, r *catalogue.Renderer, m *models.WebhookMessage, e *models.WebhookEndpoint) map[string]any {
	t.Helper()
	raw, err := r.Body(t.Context(), m, e)
	require.NoError(t, err)
	var p map[string]any
	require.NoError(t, json.Unmarshal(raw, &p))
	return p
}

func TestEveryTypeHasABody(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, typ := range catalogue.Types() {
		assert.False(t, seen[typ.Name], typ.Name)
		seen[typ.Name] = true
		require.NotEmpty(t, typ.Description)
		if typ.Event != "" {
			name, ok := catalogue.Of(typ.Event)
			assert.True(t, ok)
			assert.Equal(t, typ.Name, name)
		}
		m := catalogue.Sample(typ.Name, at)
		m.AccountID = "01900000-0000-7000-8000-000000000009"
		p := body(t, &catalogue.Renderer{Base: "https://spark.example/"}, m, nil)
		assert.Equal(t, typ.Name, p["type"])
		assert.EqualValues(t, 1, p["version"])
		assert.Equal(t, "2026-11-28T09:00:00Z", p["timestamp"])
		assert.Equal(t, m.AccountID, p["account_id"])
		if strings.HasPrefix(typ.Name, "job.") {
			data := p["data"].(map[string]any)
			assert.Equal(t, m.JobID, data["job_id"])
			assert.EqualValues(t, m.Seq, data["seq"])
			assert.NotEmpty(t, data["state"])
			assert.Equal(t, "https://spark.example/v1/jobs/"+m.JobID, data["links"].(map[string]any)["job"])
			assert.NotContains(t, data, "job", "thin")
		}
	}
	for _, event := range []models.EventType{models.EventProgress, models.EventLog, "", "other"} {
		_, ok := catalogue.Of(event)
		assert.False(t, ok, event)
	}
	assert.Nil(t, catalogue.Sample("job.exploded", at))
}

func TestFullBodiesHaveTheResource(t *testing.T) {
	t.Parallel()
	m := catalogue.Sample("job.failed", at)
	m.Test = false
	full := &models.WebhookEndpoint{Payload: models.WebhookFull}
	resource := json.RawMessage(`{"id":"j","input":{"prompt":"<b>"}}`)
	r := &catalogue.Renderer{Resource: func(context.Context, *models.WebhookMessage) (json.RawMessage, error) { return resource, nil }}
	data := body(t, r, m, full)["data"].(map[string]any)
	assert.Equal(t, "j", data["job"].(map[string]any)["id"])
	assert.Equal(t, "compile_failed", data["error"].(map[string]any)["code"])
	assert.Equal(t, "/v1/jobs/"+m.JobID, data["links"].(map[string]any)["job"])

	resource = json.RawMessage(`"` + strings.Repeat("x", catalogue.MaxBody) + `"`)
	data = body(t, r, m, full)["data"].(map[string]any)
	assert.Nil(t, data["job"], "told without it")
	assert.Equal(t, true, data["truncated"])

	r.Resource = func(context.Context, *models.WebhookMessage) (json.RawMessage, error) {
		return nil, errors.New("no database")
	}
	_, err := r.Body(t.Context(), m, full)
	require.Error(t, err)
	_, err = r.Body(t.Context(), m, &models.WebhookEndpoint{Payload: models.WebhookThin})
	require.NoError(t, err)
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	m := catalogue.Sample("job.failed", at)
	for template, want := range map[string]string{
		`{"text":"job {{data.job_id}} is {{ data.state }}"}`:            `{"text":"job ` + m.JobID + ` is failed"}`,
		`{"seq":"{{data.seq}}","error":"{{data.error}}"}`:               `{"error":{"code":"compile_failed","message":"src/main.js does not compile"},"seq":4}`,
		`["{{data.nothing}}","a{{data.nothing}}b","{{type.of.what}}"]`:  `[null,"ab",null]`,
		`"\\{{data.seq}} {{data.seq}}"`:                                 `"{{data.seq}} 4"`,
		`{"{{type}}":true,"n":12345678901234567890,"x":"<&>"}`:          `{"n":12345678901234567890,"x":"<&>","{{type}}":true}`,
		`{"all":"is {{data.error}}","plain":"a } b {c} }}","empty":""}`: `{"all":"is {\"code\":\"compile_failed\",\"message\":\"src/main.js does not compile\"}","empty":"","plain":"a } b {c} }}"}`,
		`"{{type}}"`: `"job.failed"`,
	} {
		raw, err := new(catalogue.Renderer).Body(t.Context(), m, &models.WebhookEndpoint{Template: template})
		require.NoError(t, err, template)
		assert.Equal(t, want, string(raw), template)
	}
	for _, bad := range []string{``, `{`, `{} {}`, `"{{secret}}"`, `"{{data.}}"`, `"{{data..x}}"`, `"{{Data.x}}"`, `"{{"`, `"{{data.x"`, `"{{ }}"`, `"{{{{type}}"`, `"{{data[0]}}"`,
		`"{{range .}}"`, `"{{data.x | html}}"`, strings.Repeat("[", 17) + strings.Repeat("]", 17), `"` + strings.Repeat("x", 17<<10) + `"`,
		`"` + strings.Repeat("{{type}}", 201) + `"`, `"{{data.a.b.c.d.e.f.g.h.i.j}}"`} {
		_, err := catalogue.ParseTemplate(bad)
		assert.Equal(t, models.CodeInvalidRequest, models.CodeOf(err), "%.80s", bad)
	}
}

// A template that repeats what is large costs no more than a body may have.
func TestTemplatesAreBounded(t *testing.T) {
	t.Parallel()
	m := catalogue.Sample("quota.reached", at)
	m.Data = models.ToJSON(map[string]any{"quota": strings.Repeat("\x01", 10_000)})
	template := `"` + strings.Repeat("{{data}}", 200) + `"`
	_, err := new(catalogue.Renderer).Body(t.Context(), m, &models.WebhookEndpoint{Template: template})
	assert.Equal(t, models.CodePayloadTooLarge, models.CodeOf(err))
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	require.NoError(t, catalogue.CheckPatterns(nil))
	require.NoError(t, catalogue.CheckPatterns([]string{"*", "job.*", "job.failed", "webhook.test"}))
	for _, bad := range []string{"", "job", "job.", "job.f*", "jobs.*", ".*", "*.*", "job.exploded", "JOB.FAILED"} {
		err := catalogue.CheckPatterns([]string{"job.*", bad})
		require.Error(t, err, bad)
		assert.Equal(t, "/1", models.AsError(err).Pointer)
	}
	require.Error(t, catalogue.CheckPatterns(make([]string, 51)))
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	got, err := catalogue.CheckHeaders(map[string]string{"authorization": "Bearer abc", "X-Team": "a b"})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"Authorization": "Bearer abc", "X-Team": "a b"}, got)
	for name, value := range map[string]string{"host": "a", "Content-Length": "1", "content-type": "text/plain", "transfer-encoding": "chunked", "Webhook-Signature": "v1,", "webhook-id": "a",
		"Proxy-Authorization": "a", "X-Forwarded-For": "::1", "": "a", "a b": "a", "a:": "a", "x\r\ny": "a", "X-A": "a\r\nHost: b", "X-B": "a\x00", "X-C": " a", "Connection": "close", "X-D": strings.Repeat("a", 5000)} {
		_, err := catalogue.CheckHeaders(map[string]string{name: value})
		require.Error(t, err, name)
		if len(value) > 3 {
			assert.NotContains(t, err.Error(), value)
		}
	}
	_, err = catalogue.CheckHeaders(map[string]string{"x-a": "1", "X-A": "2"})
	require.Error(t, err)
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{`{"a":"{{data.job_id}}","b":["{{type}} x"]}`, `"\\{{"`, `[[["{{data.error.code}}"]]]`, `1e999`} {
		f.Add(seed)
	}
	r := new(catalogue.Renderer)
	f.Fuzz(func(t *testing.T, source string) {
		if _, err := catalogue.ParseTemplate(source); err != nil {
			if models.CodeOf(err) != models.CodeInvalidRequest {
				t.Fatal(err)
			}
			return
		}
		raw, err := r.Body(t.Context(), catalogue.Sample("job.failed", at), &models.WebhookEndpoint{Template: source})
		if source == "" {
			return
		}
		if err != nil && models.CodeOf(err) != models.CodePayloadTooLarge {
			t.Fatal(err)
		}
		if err == nil && (!json.Valid(raw) || len(raw) > catalogue.MaxBody) {
			t.Fatalf("%q became %q", source, raw)
		}
	})
}
