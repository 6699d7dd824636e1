package ai_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/ai"
	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// engine is a minimal engine with a real contract: a page, an entry, one module.
type engine struct{}

func (engine) Info() engines.Info {
	return engines.Info{Name: "toy", Title: "Toy Engine", Version: "1.2.3"}
}

func (engine) Image() engines.Image { return engines.Image{} }

func (engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{Modules: []engines.SharedModule{{Specifier: "toy", File: "toy.js"}}}
}

func (engine) Starter(d engines.Design) ([]models.File, error) {
	return []models.File{
		text("index.html", "<!doctype html><title>"+d.Title+"</title><script type=module src=src/main.js></script>"),
		text("src/main.js", "import { Game } from \"toy\";\nnew Game().start();\n"),
		{Path: "assets/hero.png", Data: []byte{0x89, 'P', 'N', 'G', 0}},
	}, nil
}

func (engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	for _, f := range req.Files {
		if f.Path == "src/main.js" {
			return engines.Plan{Bundle: &engines.Bundle{Entry: "src/main.js", HTML: "index.html", PublicDir: "public"}}, nil
		}
	}
	return engines.Plan{}, models.NewError(models.CodeInvalidFiles, "the project has no src/main.js")
}

func (engine) Verify(engines.BuildRequest, engines.Outputs) error { return nil }

func text(p, s string) models.File { return models.File{Path: p, Data: []byte(s)} }

// game is a good answer's files.
var game = []models.File{
	text("index.html", "<!doctype html><title>Fox</title><script type=module src=src/main.js></script>"),
	text("src/main.js", "import \"./fox.js\"; // \"path\": \"not/a/path.js\"\n"+strings.Repeat("// ünïcödé 🦊\n", 60)),
	text("src/fox.js", "export const fox = '🦊';\n"),
}

// dialect is one provider with its server.
type dialect struct {
	name string
	mode ai.OutputMode
	make func(t *testing.T, cfg ai.Config) generation.Provider
	base func(*aitest.Server) string
}

var dialects = []dialect{
	{ai.OpenAI, ai.OutputSchema, newOpenAI, (*aitest.Server).OpenAIBaseURL},
	{ai.OpenAI, ai.OutputJSON, newOpenAI, (*aitest.Server).OpenAIBaseURL},
	{ai.OpenAI, ai.OutputText, newOpenAI, (*aitest.Server).OpenAIBaseURL},
	{ai.Anthropic, ai.OutputSchema, newAnthropic, (*aitest.Server).AnthropicBaseURL},
	{ai.Anthropic, ai.OutputTool, newAnthropic, (*aitest.Server).AnthropicBaseURL},
	{ai.Anthropic, ai.OutputText, newAnthropic, (*aitest.Server).AnthropicBaseURL},
}

func newOpenAI(t *testing.T, cfg ai.Config) generation.Provider {
	t.Helper()
	p, err := ai.NewOpenAI(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func newAnthropic(t *testing.T, cfg ai.Config) generation.Provider {
	t.Helper()
	p, err := ai.NewAnthropic(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// config points the dialect at a server.
func (d dialect) config(s *aitest.Server) ai.Config {
	return ai.Config{
		Provider: d.name, Model: aitest.Model, BaseURL: d.base(s), APIKey: models.NewSecret(aitest.Key),
		Output: d.mode, MaxTokens: 4096, Timeout: time.Minute,
	}
}

// inEveryDialect runs a test for every provider and output mode, each with its own server.
func inEveryDialect(t *testing.T, test func(t *testing.T, s *aitest.Server, d dialect)) {
	t.Helper()
	for _, d := range dialects {
		t.Run(d.name+"/"+string(d.mode), func(t *testing.T) {
			t.Parallel()
			test(t, aitest.New(t), d)
		})
	}
}

func request(files ...models.File) generation.Request {
	return generation.Request{Prompt: "a platformer about a fox", Seed: 7, Engine: engine{}, Files: files}
}

// record collects progress, and fails the test on a report after the generation has returned.
type record struct {
	t    *testing.T
	mu   sync.Mutex
	over bool
	all  []generation.Progress
}

func (r *record) tell(p generation.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		r.t.Error("progress was reported after Generate had returned")
	}
	r.all = append(r.all, p)
}

func (r *record) generate(ctx context.Context, p generation.Provider, req generation.Request) (*generation.Response, error) {
	res, err := p.Generate(ctx, req, r.tell)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	return res, err
}
