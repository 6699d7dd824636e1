package aitest

import (
	"errors"
	"fmt"
	"net/http"
)

var anthropicFields = fieldSet("model", "messages", "max_tokens", "system", "stream", "tools", "tool_choice",
	"output_config", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "thinking", "service_tier",
	"cache_control")

// anthropicVersion is the only version of the API there is.
const anthropicVersion = "2023-06-01"

// anthropic answers POST /v1/messages.
func (s *Server) anthropic(w http.ResponseWriter, r *http.Request) {
	if key := r.Header.Get("X-Api-Key"); key != Key {
		anthropicError(w, http.StatusUnauthorized, "authentication_error", "invalid x-api-key "+key)
		return
	}
	req, err := readAnthropic(r)
	if err != nil {
		anthropicError(w, http.StatusBadRequest, "invalid_request_error", err.Error())
		return
	}
	if req.Body["model"] != Model {
		anthropicError(w, http.StatusNotFound, "not_found_error", fmt.Sprintf("model: %v", req.Body["model"]))
		return
	}
	a, id := s.accept(req)
	if raw(w, r, a) {
		return
	}
	if a.Status != 0 && a.Status != http.StatusOK {
		kind := a.ErrorType
		if kind == "" {
			kind = anthropicWord(a.Status)
		}
		anthropicError(w, a.Status, kind, "Scripted error, "+Key)
		return
	}
	streamAnthropic(newStream(w, r, a), req.tool, id, len(req.System)+len(req.User))
}

func readAnthropic(r *http.Request) (Request, error) {
	req := Request{Dialect: "anthropic", Header: r.Header.Clone(), Format: "text"}
	if v := r.Header.Get("Anthropic-Version"); v != anthropicVersion {
		return req, fmt.Errorf("anthropic-version: %q is not a valid version", v)
	}
	var err error
	if req.Body, err = readBody(r, anthropicFields); err != nil {
		return req, err
	}
	if req.Body["stream"] != true {
		return req, errors.New("this server only streams: set stream to true")
	}
	if n, _ := req.Body["max_tokens"].(float64); n < 1 || n != float64(int(n)) {
		return req, errors.New("max_tokens: field required, a positive integer")
	}
	if req.System, err = anthropicText("system", req.Body["system"]); err != nil {
		return req, err
	}
	messages, _ := req.Body["messages"].([]any)
	if len(messages) != 1 {
		return req, errors.New("messages: expected one")
	}
	message, _ := messages[0].(map[string]any)
	if message["role"] != "user" {
		return req, errors.New("messages.0.role: expected user")
	}
	if req.User, err = anthropicText("messages.0.content", message["content"]); err != nil {
		return req, err
	}
	if req.Format, err = anthropicFormat(req.Body); req.Format == "tool" {
		tool, _ := req.Body["tools"].([]any)[0].(map[string]any)
		req.tool, _ = tool["name"].(string)
	}
	return req, err
}

// anthropicText reads a list of one text block.
func anthropicText(at string, v any) (string, error) {
	blocks, _ := v.([]any)
	if len(blocks) != 1 {
		return "", fmt.Errorf("%s: expected one block", at)
	}
	block, _ := blocks[0].(map[string]any)
	text, _ := block["text"].(string)
	if block["type"] != "text" || text == "" {
		return "", fmt.Errorf("%s.0: expected a text block that is not empty", at)
	}
	if v, ok := block["cache_control"]; ok {
		if cache, _ := v.(map[string]any); cache["type"] != "ephemeral" {
			return "", fmt.Errorf("%s.0.cache_control.type: expected ephemeral", at)
		}
	}
	return text, nil
}

func anthropicFormat(body map[string]any) (string, error) {
	if v, ok := body["output_config"]; ok {
		config, _ := v.(map[string]any)
		format, _ := config["format"].(map[string]any)
		if format["type"] != "json_schema" {
			return "", errors.New("output_config.format.type: expected json_schema")
		}
		return "json_schema", checkStrict("output_config.format.schema", format["schema"], false)
	}
	tools, _ := body["tools"].([]any)
	if len(tools) == 0 {
		return "text", nil
	}
	tool, _ := tools[0].(map[string]any)
	choice, _ := body["tool_choice"].(map[string]any)
	if choice["type"] != "tool" || choice["name"] != tool["name"] {
		return "", errors.New("tool_choice: tool not found in provided tools")
	}
	if name, _ := tool["name"].(string); !schemaName.MatchString(name) {
		return "", fmt.Errorf("tools.0.name: %q", name)
	}
	return "tool", checkStrict("tools.0.input_schema", tool["input_schema"], false)
}

func streamAnthropic(s *stream, toolName string, id, promptBytes int) {
	in, out := s.answer.tokens(promptBytes)
	message := map[string]any{
		"id": fmt.Sprintf("msg_%024d", id), "type": "message", "role": "assistant", "content": []any{},
		"model": Model + "-20260101", "stop_reason": nil, "stop_sequence": nil,
	}
	message["usage"] = map[string]any{}
	if !s.answer.NoUsage {
		message["usage"] = map[string]any{
			"input_tokens": in, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 1,
			"service_tier": "standard",
		}
	}
	s.send("message_start", map[string]any{"type": "message_start", "message": message})
	tool := toolName != "" && s.answer.Refusal == ""
	block := map[string]any{"type": "text", "text": ""}
	if tool {
		block = map[string]any{"type": "tool_use", "id": fmt.Sprintf("toolu_%022d", id), "name": toolName, "input": map[string]any{}}
	}
	s.send("content_block_start", map[string]any{"type": "content_block_start", "index": 0, "content_block": block})
	s.send("ping", map[string]any{"type": "ping"})
	if tool {
		// The vendor begins a tool's input with an empty piece.
		s.send("content_block_delta", anthropicDelta(true, ""))
	}
	if s.answer.Refusal != "" {
		s.send("content_block_delta", anthropicDelta(false, s.answer.Refusal))
	}
	finished := s.each(func(text string) {
		s.send("content_block_delta", anthropicDelta(tool, text))
	}, func() {
		s.send("error", map[string]any{"type": "error", "error": map[string]any{
			"type": s.answer.ErrorType, "message": "Scripted error, " + Key,
		}})
	})
	if !finished {
		return
	}
	s.send("content_block_stop", map[string]any{"type": "content_block_stop", "index": 0})
	usage := map[string]any{}
	if !s.answer.NoUsage {
		usage["output_tokens"] = out
	}
	s.send("message_delta", map[string]any{
		"type": "message_delta", "usage": usage,
		"delta": map[string]any{"stop_reason": stopReason(s.answer, tool), "stop_sequence": nil},
	})
	s.send("message_stop", map[string]any{"type": "message_stop"})
}

func anthropicDelta(tool bool, text string) map[string]any {
	delta := map[string]any{"type": "text_delta", "text": text}
	if tool {
		delta = map[string]any{"type": "input_json_delta", "partial_json": text}
	}
	return map[string]any{"type": "content_block_delta", "index": 0, "delta": delta}
}

// stopReason translates OpenAI's finish reason.
func stopReason(a Answer, tool bool) string {
	switch {
	case a.Refusal != "" || a.Finish == "content_filter":
		return "refusal"
	case a.Finish == "length":
		return "max_tokens"
	case tool:
		return "tool_use"
	}
	return "end_turn"
}

func anthropicError(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Request-Id", "req_0123456789")
	writeJSON(w, status, map[string]any{
		"type": "error", "error": map[string]any{"type": kind, "message": message}, "request_id": "req_0123456789",
	})
}

func anthropicWord(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "invalid_request_error"
	case http.StatusUnauthorized:
		return "authentication_error"
	case http.StatusPaymentRequired:
		return "billing_error"
	case http.StatusForbidden:
		return "permission_error"
	case http.StatusNotFound:
		return "not_found_error"
	case http.StatusRequestEntityTooLarge:
		return "request_too_large"
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	case 529:
		return "overloaded_error"
	}
	return "api_error"
}
