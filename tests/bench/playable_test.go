package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/app"
)

// BenchmarkPlayable measures what a player waits for: from posting a prompt to the last byte of the page and the code of
// the preview that came of it, over HTTP, on the all-in-one platform with its embedded stores and the builtin provider.
func BenchmarkPlayable(b *testing.B) {
	for _, engine := range []string{"phaser", "three"} {
		b.Run(engine, func(b *testing.B) {
			url, key, stop, err := app.Embed(b.Context(), b.TempDir(), true, nil)
			if err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := stop(context.WithoutCancel(b.Context())); err != nil {
					b.Error(err)
				}
			}()
			c := &user{b: b, url: url, key: key}
			project := c.post("/v1/projects", map[string]any{"name": "bench", "engine": engine})["id"].(string)
			for range 3 { // the engine's module is bundled once, the agent is warm afterwards
				c.play(project, "warm up")
			}
			var took []time.Duration
			for i := range max(b.N, 30) {
				started := time.Now()
				c.play(project, prompts[i%len(prompts)])
				took = append(took, time.Since(started))
			}
			p50, p95 := percentile(took, 50), percentile(took, 95)
			b.ReportMetric(ms(p50), "p50-ms")
			b.ReportMetric(ms(p95), "p95-ms")
			b.ReportMetric(0, "ns/op")
			fmt.Fprintf(os.Stderr, "prompt → playable preview, %-7s p50 %s, p95 %s over %d prompts (aim: p50 under 300ms)\n",
				engine+":", round(p50), round(p95), len(took))
		})
	}
}

var prompts = []string{
	"a neon platformer about a fox who collects stars",
	"a fast space shooter with a robot against drones",
	"an endless runner in a snowy forest, a cat who gathers gems",
	"a calm puzzle under the sea with hearts",
}

// user is a client of the API.
type user struct {
	b        *testing.B
	url, key string
}

func (u *user) do(method, path string, body any) []byte {
	u.b.Helper()
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			u.b.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(u.b.Context(), method, u.url+path, in)
	if err != nil {
		u.b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+u.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		u.b.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		u.b.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, out, err)
	}
	return out
}

func (u *user) post(path string, body any) map[string]any {
	u.b.Helper()
	var out map[string]any
	if err := json.Unmarshal(u.do(http.MethodPost, path, body), &out); err != nil {
		u.b.Fatal(err)
	}
	return out
}

// play makes a game from a prompt and loads it as a browser would, except for the engine's module, which a browser has cached.
func (u *user) play(project, prompt string) {
	u.b.Helper()
	p := u.post("/v1/pipelines", map[string]any{"project_id": project, "steps": []any{
		map[string]any{"kind": "generation", "input": map[string]any{"prompt": prompt, "from_scratch": true}},
		map[string]any{"kind": "build", "input": map[string]any{"mode": "preview", "no_cache": true}},
	}})
	job := p["jobs"].([]any)[1].(map[string]any)["id"].(string)
	events := string(u.do(http.MethodGet, "/v1/jobs/"+job+"/events", nil)) // ends with the job
	if !strings.Contains(events, "event: succeeded") {
		u.b.Fatalf("the build did not succeed: %s", events)
	}
	_, after, _ := strings.Cut(events, `"play_url":"`)
	path, _, _ := strings.Cut(after, `"`)
	page := string(u.do(http.MethodGet, path, nil))
	_, after, found := strings.Cut(page, `src="./`)
	script, _, _ := strings.Cut(after, `"`)
	if !found || len(u.do(http.MethodGet, path+script, nil)) == 0 {
		u.b.Fatalf("the page has no script: %s", page)
	}
}

func percentile(all []time.Duration, p int) time.Duration {
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[(len(sorted)*p+99)/100-1]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
