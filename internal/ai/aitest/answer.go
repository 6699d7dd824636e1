package aitest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Answer is what the server does with one request. The zero Answer streams an empty text.
type Answer struct {
	// Status other than 0 and 200 answers with the vendor's error document of that status.
	Status int
	// ErrorType and ErrorCode are written into an error document, or into an error event after the Chunks-th chunk.
	ErrorType, ErrorCode string
	// Header is added to the reply, e.g. Retry-After.
	Header http.Header
	// Raw replaces the whole body of a reply; its type is taken from Header.
	Raw string

	// Text is what the model writes.
	Text string
	// ChunkRunes is how much of it comes at a time; 0 is 24.
	ChunkRunes int
	// Finish is why the model stopped, as OpenAI names it: "stop" (the default), "length", "content_filter", "tool_calls".
	// Anthropic's dialect translates it.
	Finish string
	// Refusal is the text of a refusal.
	Refusal string
	// NoUsage leaves the token counts out, as some compatible servers do.
	NoUsage bool
	// TokensIn and TokensOut are the counts; 0 counts four bytes a token.
	TokensIn, TokensOut int64

	// Stall, if set, holds the whole reply back, header and all, until it is closed or the client leaves.
	Stall <-chan struct{}
	// Before, if set, runs before each chunk, the first being 0: to wait for a signal, or to give one. Its context ends
	// with the request.
	Before func(ctx context.Context, chunk int)
	// After and Turn: when After chunks have been sent, the stream breaks off (Cut), ends without its last events (End), falls
	// silent until the client leaves (Hang), or reports ErrorType (Fail).
	After int
	Then  Turn
}

// Turn is how a stream goes wrong.
type Turn int

// The turns.
const (
	Finish Turn = iota // it does not go wrong
	Cut                // the connection breaks
	End                // the stream ends properly, the message does not
	Hang               // nothing more comes
	Fail               // an error event
)

// Game is a good answer: a project's files.
func Game(title string, files ...models.File) Answer {
	return Answer{Text: GameJSON(title, files...)}
}

// GameJSON is the text of Game's answer, for answers that are nearly as good.
func GameJSON(title string, files ...models.File) string {
	type file struct {
		Path    string `json:"path"`
		Content string `json:"content"`
	}
	doc := struct {
		Title   string   `json:"title"`
		Summary string   `json:"summary"`
		Files   []file   `json:"files"`
		Deleted []string `json:"deleted"`
	}{Title: title, Summary: "A game called " + title + ".", Files: []file{}, Deleted: []string{}}
	for _, f := range files {
		doc.Files = append(doc.Files, file{Path: f.Path, Content: string(f.Data)})
	}
	b, err := json.Marshal(doc)
	if err != nil {
		panic(err) // strings only
	}
	return string(b)
}

// Garbage is an answer that is not JSON.
func Garbage() Answer { return Answer{Text: "Sure! Here is your game: ~~~ {files: [oops"} }

// Outside is an answer with a file outside the project.
func Outside() Answer {
	return Game("Escape", models.File{Path: "../../etc/cron.d/game", Data: []byte("* * * * * root true")})
}

// Refused is a refusal, in the form that the dialect has for it.
func Refused() Answer { return Answer{Refusal: "I'm sorry, I can't help with that."} }

// LimitReached is an answer that was cut off at the token limit.
func LimitReached(title string, files ...models.File) Answer {
	text := GameJSON(title, files...)
	return Answer{Text: text[:len(text)/2], Finish: "length"}
}

// Broken is a good answer whose connection breaks after some chunks.
func Broken(chunks int, title string, files ...models.File) Answer {
	a := Game(title, files...)
	a.After, a.Then = chunks, Cut
	return a
}

// Silent sends its reply's header, and then nothing.
func Silent() Answer { return Answer{Text: "{", Then: Hang} }

// RateLimited is a 429 that asks to wait some seconds.
func RateLimited(seconds int) Answer {
	return Answer{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {strconv.Itoa(seconds)}}}
}

// Status is an error with the vendor's document for it.
func Status(code int) Answer { return Answer{Status: code} }

// Drip is a good answer whose chunks come with pauses between them, for watching by eye.
func Drip(pause time.Duration, title string, files ...models.File) Answer {
	a := Game(title, files...)
	a.Before = func(ctx context.Context, _ int) {
		t := time.NewTimer(pause)
		defer t.Stop()
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
	return a
}

// chunks cuts the text at runes, so that every chunk is valid JSON text.
func (a Answer) chunks() []string {
	size := a.ChunkRunes
	if size <= 0 {
		size = 24
	}
	var out []string
	var b strings.Builder
	n := 0
	for _, r := range a.Text {
		b.WriteRune(r)
		if n++; n == size {
			out = append(out, b.String())
			b.Reset()
			n = 0
		}
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

func (a Answer) tokens(promptBytes int) (in, out int64) {
	in, out = a.TokensIn, a.TokensOut
	if in == 0 {
		in = int64(promptBytes/4 + 1)
	}
	if out == 0 {
		out = int64(len(a.Text)/4 + 1)
	}
	return in, out
}
