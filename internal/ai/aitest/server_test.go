package aitest_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// call posts a request as a client without an SDK would.
func call(t *testing.T, url string, header map[string]string, body any) (int, string) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(got)
}

type object = map[string]any

func goodOpenAI() object {
	return object{
		"model": aitest.Model, "stream": true, "stream_options": object{"include_usage": true},
		"messages": []any{object{"role": "system", "content": "rules"}, object{"role": "user", "content": "task"}},
	}
}

func goodAnthropic() object {
	return object{
		"model": aitest.Model, "stream": true, "max_tokens": 10,
		"system":   []any{object{"type": "text", "text": "rules"}},
		"messages": []any{object{"role": "user", "content": []any{object{"type": "text", "text": "task"}}}},
	}
}

var (
	bearer = map[string]string{"Authorization": "Bearer " + aitest.Key}
	xKey   = map[string]string{"X-Api-Key": aitest.Key, "Anthropic-Version": "2023-06-01"}
	open   = object{"type": "object", "properties": object{"a": object{"type": "string"}}}
)

func TestRefusesWhatTheVendorsRefuse(t *testing.T) {
	t.Parallel()
	set := func(base object, name string, v any) object {
		c := maps.Clone(base)
		c[name] = v
		return c
	}
	tests := []struct {
		name, path string
		header     map[string]string
		body       object
		status     int
		want       string
	}{
		{"no key", "/v1/chat/completions", nil, goodOpenAI(), 401, `"invalid_api_key"`},
		{"no stream", "/v1/chat/completions", bearer, set(goodOpenAI(), "stream", false), 400, "stream"},
		{"no usage", "/v1/chat/completions", bearer, set(goodOpenAI(), "stream_options", nil), 400, "include_usage"},
		{"unknown field", "/v1/chat/completions", bearer, set(goodOpenAI(), "max_token", 5), 400, "max_token"},
		{"no system", "/v1/chat/completions", bearer, set(goodOpenAI(), "messages", []any{}), 400, "messages"},
		{"other model", "/v1/chat/completions", bearer, set(goodOpenAI(), "model", "x"), 404, `"model_not_found"`},
		{
			"open schema", "/v1/chat/completions", bearer, set(goodOpenAI(), "response_format", object{
				"type": "json_schema", "json_schema": object{"name": "n", "strict": true, "schema": open},
			}), 400, "additionalProperties",
		},
		{"no such path", "/v1/completions", bearer, goodOpenAI(), 404, ""},
		{"no key", "/v1/messages", map[string]string{"Anthropic-Version": "2023-06-01"}, goodAnthropic(), 401, `"authentication_error"`},
		{"no version", "/v1/messages", map[string]string{"X-Api-Key": aitest.Key}, goodAnthropic(), 400, "anthropic-version"},
		{"no limit", "/v1/messages", xKey, set(goodAnthropic(), "max_tokens", 0), 400, "max_tokens"},
		{"unknown field", "/v1/messages", xKey, set(goodAnthropic(), "seed", 5), 400, "seed"},
		{"other model", "/v1/messages", xKey, set(goodAnthropic(), "model", "x"), 404, `"not_found_error"`},
		{
			"open schema", "/v1/messages", xKey, set(goodAnthropic(), "output_config", object{
				"format": object{"type": "json_schema", "schema": open},
			}), 400, "additionalProperties",
		},
		{
			"tool that is not forced", "/v1/messages", xKey, set(goodAnthropic(), "tools", []any{object{"name": "t", "input_schema": open}}),
			400, "tool_choice",
		},
	}
	s := aitest.New(t)
	for _, tt := range tests {
		t.Run(tt.path+"/"+tt.name, func(t *testing.T) {
			status, body := call(t, s.URL+tt.path, tt.header, tt.body)
			if status != tt.status || !strings.Contains(body, tt.want) {
				t.Errorf("HTTP %d %s, want %d %s", status, body, tt.status, tt.want)
			}
		})
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d of them were accepted", n)
	}
}

// The events as the vendors document them.
const openAIWire = `data: {"choices":[{"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],"created":1760000000,"id":"chatcmpl-000000000000000000000001","model":"test-model-1-2026-01-01","obfuscation":"x7Qp","object":"chat.completion.chunk","service_tier":"default","system_fingerprint":"fp_0123456789","usage":null}

data: {"choices":[{"delta":{"content":"hé"},"finish_reason":null,"index":0,"logprobs":null}],"created":1760000000,"id":"chatcmpl-000000000000000000000001","model":"test-model-1-2026-01-01","obfuscation":"x7Qp","object":"chat.completion.chunk","service_tier":"default","system_fingerprint":"fp_0123456789","usage":null}

data: {"choices":[{"delta":{},"finish_reason":"stop","index":0,"logprobs":null}],"created":1760000000,"id":"chatcmpl-000000000000000000000001","model":"test-model-1-2026-01-01","obfuscation":"x7Qp","object":"chat.completion.chunk","service_tier":"default","system_fingerprint":"fp_0123456789","usage":null}

data: {"choices":[],"created":1760000000,"id":"chatcmpl-000000000000000000000001","model":"test-model-1-2026-01-01","obfuscation":"x7Qp","object":"chat.completion.chunk","service_tier":"default","system_fingerprint":"fp_0123456789","usage":{"completion_tokens":2,"completion_tokens_details":{"audio_tokens":0,"reasoning_tokens":0},"prompt_tokens":5,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0},"total_tokens":7}}

data: [DONE]

`

const anthropicWire = `event: message_start
data: {"message":{"content":[],"id":"msg_000000000000000000000001","model":"test-model-1-20260101","role":"assistant","stop_reason":null,"stop_sequence":null,"type":"message","usage":{"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"input_tokens":5,"output_tokens":1,"service_tier":"standard"}},"type":"message_start"}

event: content_block_start
data: {"content_block":{"text":"","type":"text"},"index":0,"type":"content_block_start"}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"delta":{"text":"hé","type":"text_delta"},"index":0,"type":"content_block_delta"}

event: content_block_stop
data: {"index":0,"type":"content_block_stop"}

event: message_delta
data: {"delta":{"stop_reason":"end_turn","stop_sequence":null},"type":"message_delta","usage":{"output_tokens":2}}

event: message_stop
data: {"type":"message_stop"}

`

func TestSpeaksTheWireFormats(t *testing.T) {
	t.Parallel()
	answer := aitest.Answer{Text: "hé", TokensIn: 5, TokensOut: 2}
	for _, tt := range []struct {
		path   string
		header map[string]string
		body   object
		want   string
	}{
		{"/v1/chat/completions", bearer, goodOpenAI(), openAIWire},
		{"/v1/messages", xKey, goodAnthropic(), anthropicWire},
	} {
		s := aitest.New(t)
		s.Always(answer)
		status, got := call(t, s.URL+tt.path, tt.header, tt.body)
		if status != http.StatusOK || got != tt.want {
			t.Errorf("%s: HTTP %d\n%s", tt.path, status, got)
		}
		if r := s.Requests(); len(r) != 1 || r[0].System != "rules" || r[0].User != "task" || r[0].Format != "text" {
			t.Errorf("%s: requests = %+v", tt.path, r)
		}
	}
}
