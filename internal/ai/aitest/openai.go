package aitest

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
)

var openAIFields = fieldSet("model", "messages", "stream", "stream_options", "response_format", "seed", "store",
	"max_tokens", "max_completion_tokens", "temperature", "top_p", "n", "stop", "user", "metadata",
	"presence_penalty", "frequency_penalty", "reasoning_effort", "service_tier", "tools", "tool_choice")

var schemaName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// openai answers POST /v1/chat/completions.
func (s *Server) openai(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+Key {
		// The vendor repeats a part of the key; a careless client logs it.
		openAIError(w, http.StatusUnauthorized, "Incorrect API key provided: "+r.Header.Get("Authorization"),
			"invalid_request_error", "invalid_api_key")
		return
	}
	req, err := readOpenAI(r)
	if err != nil {
		openAIError(w, http.StatusBadRequest, err.Error(), "invalid_request_error", "")
		return
	}
	if req.Body["model"] != Model {
		openAIError(w, http.StatusNotFound, "The model does not exist or you do not have access to it.",
			"invalid_request_error", "model_not_found")
		return
	}
	a, id := s.accept(req)
	if raw(w, r, a) {
		return
	}
	if a.Status != 0 && a.Status != http.StatusOK {
		kind, code := openAIWords(a.Status)
		if a.ErrorType != "" || a.ErrorCode != "" {
			kind, code = a.ErrorType, a.ErrorCode
		}
		openAIError(w, a.Status, "Scripted error, "+Key, kind, code)
		return
	}
	streamOpenAI(newStream(w, r, a), id, len(req.System)+len(req.User))
}

func readOpenAI(r *http.Request) (Request, error) {
	req := Request{Dialect: "openai", Header: r.Header.Clone(), Format: "text"}
	var err error
	if req.Body, err = readBody(r, openAIFields); err != nil {
		return req, err
	}
	options, _ := req.Body["stream_options"].(map[string]any)
	switch {
	case req.Body["stream"] != true:
		return req, errors.New("this server only streams: set stream to true")
	case options["include_usage"] != true:
		return req, errors.New("this server requires stream_options.include_usage")
	case req.Body["max_tokens"] != nil && req.Body["max_completion_tokens"] != nil:
		return req, errors.New("setting max_tokens and max_completion_tokens at the same time is not supported")
	}
	messages, _ := req.Body["messages"].([]any)
	if len(messages) != 2 {
		return req, errors.New("messages: expected a system and a user message")
	}
	if req.System, err = openAIMessage(messages[0], "system"); err != nil {
		return req, err
	}
	if req.User, err = openAIMessage(messages[1], "user"); err != nil {
		return req, err
	}
	if v, ok := req.Body["response_format"]; ok {
		req.Format, err = openAIFormat(v)
	}
	return req, err
}

func openAIMessage(v any, role string) (string, error) {
	m, _ := v.(map[string]any)
	text, ok := m["content"].(string)
	if m["role"] != role || !ok || text == "" {
		return "", fmt.Errorf("messages: expected a %s message with a text", role)
	}
	return text, nil
}

func openAIFormat(v any) (string, error) {
	format, _ := v.(map[string]any)
	kind, _ := format["type"].(string)
	switch kind {
	case "text", "json_object":
		return kind, nil
	case "json_schema":
	default:
		return "", fmt.Errorf("response_format: invalid type %q", kind)
	}
	schema, _ := format["json_schema"].(map[string]any)
	if name, _ := schema["name"].(string); !schemaName.MatchString(name) {
		return "", fmt.Errorf("response_format.json_schema.name: %q", name)
	}
	if schema["strict"] != true {
		return "", errors.New("response_format.json_schema.strict: this server requires true")
	}
	return kind, checkStrict("response_format.json_schema.schema", schema["schema"], true)
}

func streamOpenAI(s *stream, id, promptBytes int) {
	chunk := func(choices []any, usage any) map[string]any {
		return map[string]any{
			"id": fmt.Sprintf("chatcmpl-%024d", id), "object": "chat.completion.chunk", "created": 1_760_000_000,
			"model": Model + "-2026-01-01", "service_tier": "default", "system_fingerprint": "fp_0123456789",
			"choices": choices, "usage": usage, "obfuscation": "x7Qp",
		}
	}
	choice := func(delta map[string]any, finish any) []any {
		return []any{map[string]any{"index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish}}
	}
	s.send("", chunk(choice(map[string]any{"role": "assistant", "content": "", "refusal": nil}, nil), nil))
	if s.answer.Refusal != "" {
		s.send("", chunk(choice(map[string]any{"refusal": s.answer.Refusal}, nil), nil))
	}
	finished := s.each(func(text string) {
		s.send("", chunk(choice(map[string]any{"content": text}, nil), nil))
	}, func() {
		s.send("", map[string]any{"error": map[string]any{
			"message": "Scripted error, " + Key, "type": s.answer.ErrorType, "param": nil, "code": nullable(s.answer.ErrorCode),
		}})
	})
	if !finished {
		return
	}
	finish := s.answer.Finish
	if finish == "" {
		finish = "stop"
	}
	s.send("", chunk(choice(map[string]any{}, finish), nil))
	if !s.answer.NoUsage {
		in, out := s.answer.tokens(promptBytes)
		s.send("", chunk([]any{}, map[string]any{
			"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out,
			"prompt_tokens_details":     map[string]any{"cached_tokens": 0, "audio_tokens": 0},
			"completion_tokens_details": map[string]any{"reasoning_tokens": 0, "audio_tokens": 0},
		}))
	}
	s.send("", "[DONE]")
}

func openAIError(w http.ResponseWriter, status int, message, kind, code string) {
	w.Header().Set("X-Request-Id", "req_0123456789")
	writeJSON(w, status, map[string]any{"error": map[string]any{
		"message": message, "type": kind, "param": nil, "code": nullable(code),
	}})
}

func openAIWords(status int) (kind, code string) {
	switch {
	case status == http.StatusTooManyRequests:
		return "requests", "rate_limit_exceeded"
	case status >= 500:
		return "server_error", ""
	}
	return "invalid_request_error", ""
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func fieldSet(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}
