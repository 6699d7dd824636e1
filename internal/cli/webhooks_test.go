package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/models"
)

const whe, whd = "whe_01900000-0000-7000-8000-000000000001", "whd_01900000-0000-7000-8000-000000000002"

// webhookRoutes answers what the commands of webhooks ask.
func (s *fakeServer) webhookRoutes(mux *http.ServeMux) {
	one := apiclient.WebhookEndpoint{ID: whe, URL: "https://example.com/\x1b[2J", Events: []string{"job.*"}, State: models.WebhookDisabled, Reason: given("gone"), HeaderNames: []string{}}
	secret := apiclient.WebhookSecret{ID: "s1", Kind: models.WebhookSymmetric, Key: "whsec_x"}
	d := apiclient.WebhookDelivery{ID: whd, Type: "job.failed", State: models.WebhookFailed, Attempts: 3, Failure: given("timeout")}
	reply := func(pattern string, status int, body any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { answer(w, status, body) })
	}
	reply("GET /v1/webhooks/endpoints", 200, apiclient.WebhookEndpointList{Data: []apiclient.WebhookEndpoint{one}})
	reply("POST /v1/webhooks/endpoints", 201, one)
	reply("GET /v1/webhooks/endpoints/{id}", 200, one)
	reply("PATCH /v1/webhooks/endpoints/{id}", 200, one)
	reply("GET /v1/webhooks/endpoints/{id}/secrets", 200, apiclient.WebhookSecretList{Data: []apiclient.WebhookSecret{secret}})
	reply("GET /v1/webhooks/secrets", 200, apiclient.WebhookSecretList{Data: []apiclient.WebhookSecret{secret}})
	reply("POST /v1/webhooks/endpoints/{id}/secrets/rotate", 201, secret)
	reply("POST /v1/webhooks/secrets/rotate", 201, secret)
	reply("GET /v1/webhooks/endpoints/{id}/health", 200, apiclient.WebhookHealth{Delivered: 7})
	reply("POST /v1/webhooks/endpoints/{id}/test", 202, d)
	reply("POST /v1/webhooks/endpoints/{id}/replay", 202, apiclient.WebhookReplayed{Count: 5})
	reply("GET /v1/webhooks/event-types", 200, apiclient.WebhookEventTypes{Data: []apiclient.WebhookEventType{{Type: "job.failed", Description: "A job has failed"}}})
	reply("GET /v1/webhooks/deliveries", 200, apiclient.WebhookDeliveryList{Data: []apiclient.WebhookDelivery{d}})
	reply("POST /v1/webhooks/deliveries/{id}/replay", 202, d)
	mux.HandleFunc("DELETE /v1/webhooks/endpoints/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
}

func TestWebhookCommands(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	for _, tt := range []struct {
		args     []string
		code     int
		out, err string // what they contain
	}{
		{[]string{"list"}, 0, whe + "  disabled (gone)  job.*", ""},
		{[]string{"list", "--json"}, 0, `"state": "disabled"`, ""},
		{[]string{"add", "https://example.com/", "--events", "job.failed,job.succeeded", "--header", "X-Team: foxes"}, 0, `"key": "whsec_x"`, ""},
		{[]string{"add", "https://example.com/", "--header", "foxes"}, ExitUsage, "", `--header: it is "Name: value"`},
		{[]string{"add"}, ExitUsage, "", "URL is missing"},
		{[]string{"show", whe}, 0, whe, ""},
		{[]string{"health", whe}, 0, `"delivered": 7`, ""},
		{[]string{"change", whe, "--disable", "--events", ""}, 0, whe, ""},
		{[]string{"change", whe, "--disable", "--enable"}, ExitUsage, "", "disable"},
		{[]string{"remove", whe}, 0, "Deleted.", ""},
		{[]string{"secrets", whe}, 0, "whsec_x", ""},
		{[]string{"secrets", "--default"}, 0, "whsec_x", ""},
		{[]string{"secrets"}, ExitUsage, "", "--default"},
		{[]string{"rotate", whe, "--overlap", "1h"}, 0, "whsec_x", ""},
		{[]string{"rotate", "--default"}, 0, "whsec_x", ""},
		{[]string{"rotate"}, ExitUsage, "", "--default"},
		{[]string{"events"}, 0, "job.failed  A job has failed\n", ""},
		{[]string{"deliveries", "--state", "failed"}, 0, whd + "  job.failed  failed  3         timeout", ""},
		{[]string{"replay", whd}, 0, whd, ""},
		{[]string{"replay", whe, "--since", "24h"}, 0, "5 deliveries are made again.\n", ""},
		{[]string{"replay", whe}, ExitUsage, "", "--since"},
		{[]string{"test", whe}, 0, whd, ""},
		{[]string{"trigger", "job.failed", "--endpoint", whe}, 0, whd, ""},
		{[]string{"trigger", "job.failed"}, ExitUsage, "", "--endpoint"},
		{[]string{"listen"}, ExitUsage, "", "--forward-to"},
		{[]string{"listen", "--forward-to", "http://localhost:1/", "--events", "job.exploded"}, ExitUsage, "", "--events"},
		{[]string{"listen", "--forward-to", "http://localhost:1/", "--secret", "hunter2"}, ExitUsage, "", "--secret"},
	} {
		r := run(within(t), t, Deps{}, s.env(), append([]string{"webhooks"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(r.out, tt.out) || !strings.Contains(r.err, tt.err) || strings.Contains(r.out, "\x1b[2J") || strings.Contains(r.err, "hunter2") {
			t.Errorf("%v: %d\n%s\n%s", tt.args, r.code, r.out, r.err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, want := range []string{
		`POST /v1/webhooks/endpoints {"events":["job.failed","job.succeeded"],"headers":{"X-Team":"foxes"},"url":"https://example.com/"}`,
		`PATCH /v1/webhooks/endpoints/` + whe + ` {"enabled":false,"events":[]}`,
		`POST /v1/webhooks/endpoints/` + whe + `/test {"type":"job.failed"}`,
		`POST /v1/webhooks/endpoints/` + whe + `/secrets/rotate {"overlap_seconds":3600}`,
	} {
		if !slices.ContainsFunc(s.requests, func(r string) bool { return strings.TrimSpace(r) == want }) {
			t.Errorf("%s is not in %v", want, s.requests)
		}
	}
}

// Each event that is wanted is forwarded once, in order and signed, also when the stream breaks in between and a receiver fails.
func TestListenForwards(t *testing.T) {
	t.Parallel()
	events := []apiclient.StreamEvent{
		{Position: 3, Seq: 1, Type: models.EventQueued, JobID: given("j1"), ProjectID: given("p1"), Data: json.RawMessage(`{"state":"queued"}`)},
		{Position: 5, Seq: 2, Type: models.EventProgress, JobID: given("j1"), ProjectID: given("p1"), Data: json.RawMessage(`{}`)},
		{Position: 8, Seq: 3, Type: models.EventFailed, JobID: given("j1"), ProjectID: given("p1"), Data: json.RawMessage(`{"state":"failed","error":{"code":"timeout","message":"too long"}}`)},
		{Position: 9, Type: models.EventQuota, Data: json.RawMessage(`{"quota":"jobs_per_day","percent":80}`)},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/account", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, map[string]any{"id": "a1"}) })
	mux.HandleFunc("GET /v1/jobs/{id}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, apiclient.Job{ID: r.PathValue("id"), Kind: models.KindBuild, State: models.StateFailed})
	})
	mux.HandleFunc("GET /v1/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		var last int64
		_, _ = fmt.Sscan(r.Header.Get("Last-Event-ID")+r.URL.Query().Get("last_event_id"), &last)
		for _, e := range events {
			if e.Position > last {
				raw, _ := json.Marshal(e)
				_, _ = fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.Position, e.Type, raw)
				w.(http.Flusher).Flush()
				if e.Position != 9 {
					return // the connection breaks after each event
				}
			}
		}
		<-r.Context().Done()
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	secret := signature.NewSymmetric().Secret()
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	var mu sync.Mutex
	var got []string
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := apiclient.VerifyWebhook(r.Header, body, secret); err != nil {
			t.Error(err)
		}
		var p struct {
			Type      string         `json:"type"`
			AccountID string         `json:"account_id"`
			Data      map[string]any `json:"data"`
		}
		if err := json.Unmarshal(body, &p); err != nil || p.AccountID != "a1" {
			t.Errorf("%s", body)
		}
		mu.Lock()
		got = append(got, fmt.Sprint(r.Header.Get("Webhook-Id"), " ", p.Type, " ", p.Data["kind"], " ", p.Data["state"]))
		last := len(got) == 2
		mu.Unlock()
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short and stout\x1b[2J")
		if last {
			defer cancel()
		}
	}))
	defer hook.Close()
	env := map[string]string{"SPARK_SERVER": server.URL, "SPARK_KEY": fakeKey}
	r := run(ctx, t, Deps{}, env, "webhooks", "listen", "--forward-to", hook.URL, "--secret", secret, "--events", "job.*", "--after", "0")
	if want := []string{"msg_listen-3 job.queued build queued", "msg_listen-8 job.failed build failed"}; !slices.Equal(got, want) {
		t.Errorf("%q\n%s\n%s", got, r.out, r.err)
	}
	if !strings.Contains(r.out, "The receiver verifies with "+secret) || !strings.Contains(r.out, "3  job.queued  j1  ") || !strings.Contains(r.out, "418") || strings.Contains(r.out, "\x1b[2J") {
		t.Error(r.out)
	}
}
