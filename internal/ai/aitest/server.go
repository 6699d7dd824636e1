// Package aitest is a model server for tests. It speaks the wire formats of OpenAI's Chat Completions and Anthropic's Messages
// as the vendors document them, including server-sent events, and is as strict about requests as they are. Its answers are
// scripted: correct, slow, partial, malformed, or missing.
package aitest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Key is the API key that the server accepts, and Model the model that it has.
const (
	Key   = "sk-test-0123456789abcdefghijklmnop"
	Model = "test-model-1"
)

const maxRequestBytes = 8 << 20

// Request is one request that the server accepted.
type Request struct {
	Dialect string // "openai" or "anthropic"
	Header  http.Header
	Body    map[string]any
	System  string // the instructions
	User    string // the task
	Format  string // "json_schema", "json_object", "tool" or "text"

	tool string // the tool that must be called
}

// Server is a running model server.
type Server struct {
	URL string

	tb       testing.TB
	http     *httptest.Server
	answer   func(Request) Answer // nil for a script
	mu       sync.Mutex
	queue    []Answer
	fallback *Answer
	requests []Request
	ids      int
}

// New starts a server on a free port of 127.0.0.1 and stops it when the test ends.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{tb: tb}
	s.start()
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server outside of a test. It asks answer what to say to each request, and keeps none of them. Close it.
func Start(answer func(Request) Answer) *Server {
	s := &Server{answer: answer}
	s.start()
	return s
}

func (s *Server) start() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.openai)
	mux.HandleFunc("POST /v1/messages", s.anthropic)
	s.http = httptest.NewServer(mux)
	s.URL = s.http.URL
}

// Close stops the server, and ends what it is still answering.
func (s *Server) Close() {
	s.http.CloseClientConnections() // a hanging answer would hold Close up
	s.http.Close()
}

// OpenAIBaseURL is the base URL for an OpenAI client.
func (s *Server) OpenAIBaseURL() string { return s.URL + "/v1" }

// AnthropicBaseURL is the base URL for an Anthropic client.
func (s *Server) AnthropicBaseURL() string { return s.URL }

// Push queues answers: each request takes the next.
func (s *Server) Push(answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, answers...)
}

// Always is the answer when the queue is empty. Without it, a request that was not scripted fails the test.
func (s *Server) Always(a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fallback = &a
}

// Requests are the well-formed requests so far that had the right key.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// accept records a request and takes the next answer.
func (s *Server) accept(r Request) (Answer, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	if s.answer != nil {
		return s.answer(r), s.ids
	}
	s.requests = append(s.requests, r)
	if len(s.queue) > 0 {
		a := s.queue[0]
		s.queue = s.queue[1:]
		return a, s.ids
	}
	if s.fallback != nil {
		return *s.fallback, s.ids
	}
	s.tb.Errorf("aitest: request %d was not scripted", s.ids)
	return Answer{Status: http.StatusInternalServerError}, s.ids
}

// readBody decodes a request strictly: JSON of limited size, with only the fields that the API has.
func readBody(r *http.Request, fields map[string]bool) (map[string]any, error) {
	if ct := r.Header.Get("Content-Type"); ct != "application/json" {
		return nil, fmt.Errorf("content type %q is not application/json", ct)
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBytes+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxRequestBytes {
		return nil, fmt.Errorf("the request is too large")
	}
	var body map[string]any
	if err := json.Unmarshal(raw, &body); err != nil {
		return nil, fmt.Errorf("we could not parse the JSON body of your request: %w", err)
	}
	for name := range body {
		if !fields[name] {
			return nil, fmt.Errorf("%s: extra inputs are not permitted", name)
		}
	}
	return body, nil
}

// stream is the server's side of an event stream.
type stream struct {
	w       http.ResponseWriter
	r       *http.Request
	answer  Answer
	flusher *http.ResponseController
}

func newStream(w http.ResponseWriter, r *http.Request, a Answer) *stream {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusOK)
	return &stream{w: w, r: r, answer: a, flusher: http.NewResponseController(w)}
}

// send writes one event; name is "" in OpenAI's dialect.
func (s *stream) send(name string, data any) {
	if name != "" {
		_, _ = fmt.Fprintf(s.w, "event: %s\n", name)
	}
	text, ok := data.(string)
	if !ok {
		b, err := json.Marshal(data)
		if err != nil {
			panic(err) // maps and strings only
		}
		text = string(b)
	}
	_, _ = fmt.Fprintf(s.w, "data: %s\n\n", text)
	_ = s.flusher.Flush()
}

// each streams the chunks, and reports whether the message may finish: it may not once the answer goes wrong.
func (s *stream) each(send func(chunk string), fail func()) bool {
	chunks := s.answer.chunks()
	for i := 0; i <= len(chunks); i++ {
		if s.answer.Then != Finish && i == min(s.answer.After, len(chunks)) {
			switch s.answer.Then {
			case Cut:
				panic(http.ErrAbortHandler)
			case Hang:
				<-s.r.Context().Done()
			case Fail:
				fail()
			}
			return false
		}
		if i == len(chunks) {
			break
		}
		if s.answer.Before != nil {
			s.answer.Before(s.r.Context(), i)
		}
		send(chunks[i])
	}
	return true
}

// raw does what all answers have in common: it stalls, sets the header, and writes the scripted body, if there is one.
func raw(w http.ResponseWriter, r *http.Request, a Answer) bool {
	if a.Stall != nil {
		select {
		case <-a.Stall:
		case <-r.Context().Done():
		}
	}
	maps.Copy(w.Header(), a.Header)
	if a.Raw == "" {
		return false
	}
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	_, _ = io.WriteString(w, a.Raw)
	return true
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
