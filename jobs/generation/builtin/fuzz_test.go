package builtin_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs/generation/builtin"
)

var hostile = []string{
	"a neon platformer about a fox", "", "</script><script>alert(1)</script>", "${alert(1)} `${x}`", `"; alert(1); "`,
	"called <img src=x onerror=alert(1)>", `"</title><script>"`, "line\u2028separator\u2029in \"a\u2028title\"", "\x00\xff\xfe",
	"called \u202egnihsif\u202c", "*/ alert(1) /*", "a {{title}} about a {{hero}} who collects {{prompt}}", "# [x](javascript:alert(1))",
	"a fox\u0301 called \U0001F98A\u200d\U0001F525", "collects ' or 1=1", strings.Repeat("(", 9000), "\\u003c\\", "called \\", "--> <!--",
}

// FuzzRead: for any prompt, the design is in range and the project is safe: the page has one script, and the design module is
// one JSON value with exactly the texts of the design.
func FuzzRead(f *testing.F) {
	for i, prompt := range hostile {
		f.Add(prompt, int64(i))
	}
	f.Fuzz(func(t *testing.T, prompt string, seed int64) {
		d := builtin.Read(prompt, seed)
		if d != d.Normalize() || d != builtin.Read(prompt, seed) {
			t.Fatalf("the design is not normal or not repeatable: %+v", d)
		}
		if n := utf8.RuneCountInString(d.Title); n == 0 || n > 60 {
			t.Errorf("the title has %d runes", n)
		}
		checkProject(t, d)
	})
}

// FuzzStarter does the same for designs that were not read from a prompt.
func FuzzStarter(f *testing.F) {
	for i, text := range hostile {
		f.Add(text, "fox", "#ff0000", 1.0, int64(i))
		f.Add("Title", text, text, -1e300, int64(-i))
	}
	f.Fuzz(func(t *testing.T, title, noun, color string, number float64, seed int64) {
		genres := engines.Genres()
		checkProject(t, engines.Design{
			Title: title, Prompt: noun + title, Genre: genres[uint64(seed)%4], Theme: noun, Hero: noun, Collect: title, Enemy: noun,
			Pace: number, Difficulty: number, Seed: seed, Palette: engines.Palette{Sky: color, Hero: color, Text: title},
		})
	})
}

var (
	script = regexp.MustCompile(`(?i)<\s*/?\s*script`)
	tag    = regexp.MustCompile(`<[a-zA-Z/!]`)
)

func checkProject(t *testing.T, d engines.Design) {
	t.Helper()
	for _, e := range adapters {
		files := starter(t, e, d)
		page := file(t, files, "index.html")
		if n := len(script.FindAllString(page, -1)); n != 2 {
			t.Fatalf("the page has %d script tags:\n%s", n, page)
		}
		if n := len(tag.FindAllString(page, -1)); n != 14 {
			t.Fatalf("the page has %d tags:\n%s", n, page)
		}
		if readme := file(t, files, "README.md"); tag.MatchString(readme) {
			t.Fatalf("the README has a tag:\n%s", readme)
		}
		checkDesignModule(t, file(t, files, "src/design.js"), d.Normalize())
	}
}

func checkDesignModule(t *testing.T, module string, want engines.Design) {
	t.Helper()
	if strings.ContainsAny(module, "\u2028\u2029") || script.MatchString(module) {
		t.Fatalf("the design module could end a script:\n%s", module)
	}
	if r := api.Transform(module, api.TransformOptions{LogLevel: api.LogLevelSilent}); len(r.Errors)+len(r.Warnings) > 0 {
		t.Fatalf("the design module does not parse: %v %v\n%s", r.Errors, r.Warnings, module)
	}
	_, data, ok := strings.Cut(module, "export const design = ")
	var got engines.Design
	if err := json.Unmarshal([]byte(strings.TrimSuffix(data, ";\n")), &got); !ok || err != nil {
		t.Fatalf("the design is more than one JSON value: %v\n%s", err, module)
	}
	if got != want {
		t.Fatalf("the design in the project is %+v, want %+v", got, want)
	}
}
