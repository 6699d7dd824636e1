package load

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/models"
)

// Behaviour is what the model server does with a generation.
type Behaviour string

// The behaviours.
const (
	OK     Behaviour = "ok"
	Flaky  Behaviour = "flaky"  // the first requests fail
	Down   Behaviour = "down"   // all requests fail
	Refuse Behaviour = "refuse" // for good
	Broken Behaviour = "broken" // the game does not compile
	Hang   Behaviour = "hang"   // nothing comes until the client leaves
)

// Ask is one request of a worker to the model server: the trace of an attempt from outside.
type Ask struct {
	No         int64 // its answer says so in the game's source and in the count of its tokens
	Tag        string
	Begun, End time.Time // End is zero while it is being answered
}

// tokensBase makes the number of a request recognisable as the number of tokens of its answer.
const tokensBase = 1_000_000

// AskOfTokens is the number of the request that was answered with so many tokens.
func AskOfTokens(tokens int64) int64 { return tokens - tokensBase }

// Model is the model server. It finds in each prompt who asks and what to do.
type Model struct {
	server *aitest.Server

	mu    sync.Mutex
	asks  []*Ask
	count map[string]int // requests by tag
	over  bool           // nothing hangs any more
}

// StartModel starts a model server. Close it.
func StartModel() *Model {
	m := &Model{count: make(map[string]int)}
	m.server = aitest.Start(m.answer)
	return m
}

// URL is the server's address.
func (m *Model) URL() string { return m.server.URL }

// Close stops the server.
func (m *Model) Close() { m.server.Close() }

// Drain makes requests that would hang fail from now on, so that jobs which nobody was told about end too.
func (m *Model) Drain() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.over = true
}

// Asks are copies of all requests so far.
func (m *Model) Asks() []Ask {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]Ask, len(m.asks))
	for i, a := range m.asks {
		all[i] = *a
	}
	return all
}

// prompt tells the model server what to do: how long to take, and how many requests fail before.
func prompt(tag string, b Behaviour, took time.Duration, fails int) string {
	return fmt.Sprintf("a calm game about a fox [[%s %s %d %d]]", tag, b, took.Milliseconds(), fails)
}

var instruction = regexp.MustCompile(`\[\[(\S+) (\S+) (\d+) (\d+)\]\]`)

// TagOf is the tag in a prompt; "" if there is none.
func TagOf(prompt string) string {
	if found := instruction.FindStringSubmatch(prompt); found != nil {
		return found[1]
	}
	return ""
}

// answer is called under the server's lock.
func (m *Model) answer(r aitest.Request) aitest.Answer {
	found := instruction.FindStringSubmatch(r.User)
	if found == nil {
		return aitest.Status(http.StatusBadRequest)
	}
	tag, behaviour := found[1], Behaviour(found[2])
	took, err := strconv.Atoi(found[3])
	if err != nil {
		return aitest.Status(http.StatusBadRequest)
	}
	fails, err := strconv.Atoi(found[4])
	if err != nil {
		return aitest.Status(http.StatusBadRequest)
	}
	ask, nth, over := m.begin(tag)
	failed := behaviour == Down || behaviour == Flaky && nth <= fails || behaviour == Hang && over
	switch {
	case behaviour == Refuse:
		m.end(ask)
		return aitest.Refused()
	case failed:
		m.end(ask)
		return aitest.Status(http.StatusInternalServerError)
	}
	a := game(ask.No, behaviour)
	a.Before = func(ctx context.Context, chunk int) {
		if chunk > 0 {
			return
		}
		context.AfterFunc(ctx, func() { m.end(ask) })
		if behaviour == Hang {
			m.hang(ctx)
			return
		}
		_ = pause(ctx, time.Duration(took)*time.Millisecond) // when the client has left, there is nothing to answer
	}
	return a
}

// hang waits until the client has left, or nothing hangs any more.
func (m *Model) hang(ctx context.Context) {
	for pause(ctx, tryAgainAfter) == nil {
		m.mu.Lock()
		over := m.over
		m.mu.Unlock()
		if over {
			return
		}
	}
}

func (m *Model) begin(tag string) (ask *Ask, nth int, over bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count[tag]++
	ask = &Ask{No: int64(len(m.asks)) + 1, Tag: tag, Begun: time.Now()}
	m.asks = append(m.asks, ask)
	return ask, m.count[tag], m.over
}

func (m *Model) end(a *Ask) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a.End = time.Now()
}

// game is a small project whose source names the request that it answers.
func game(no int64, b Behaviour) aitest.Answer {
	source := fmt.Sprintf("import Phaser from 'phaser';\n// request %d\nnew Phaser.Game({});\n", no)
	if b == Broken {
		source = fmt.Sprintf("import Phaser from 'phaser';\n// request %d\nnew Phaser.Game({ this is not a program\n", no)
	}
	a := aitest.Game("A Fox", models.File{Path: "index.html", Data: []byte(`<!doctype html><script type="module" src="src/main.js"></script>`)},
		models.File{Path: "src/main.js", Data: []byte(source)})
	a.TokensIn, a.TokensOut = 100, tokensBase+no
	a.ChunkRunes = len(a.Text)
	return a
}
