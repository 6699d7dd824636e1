package reference

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/spark-games/spark/internal/api/openapi"
)

// elements are those of a page, with their attributes.
func elements(t *testing.T, text string) (all []html.Token) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return all
		case html.StartTagToken, html.SelfClosingTagToken:
			all = append(all, z.Token())
		}
	}
}

func attribute(e html.Token, name string) string {
	for _, a := range e.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// The page shows everything that the document has, its links lead somewhere, and it has no script and loads nothing from elsewhere.
func TestPage(t *testing.T) {
	t.Parallel()
	document, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	ids, links := map[string]bool{}, map[string]bool{}
	for _, e := range elements(t, string(page(document.Spec))) {
		if id := attribute(e, "id"); id != "" {
			if ids[id] {
				t.Errorf("two elements have the id %s", id)
			}
			ids[id] = true
		}
		if id, ok := strings.CutPrefix(attribute(e, "href"), "#"); ok {
			links[id] = true
		}
		for _, a := range e.Attr {
			if a.Key == "src" || a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s=%q>", e.Data, a.Key, a.Val)
			}
		}
		if e.Data == "script" || e.Data == "style" || e.Data == "link" && !strings.HasPrefix(attribute(e, "href"), "/docs/") && attribute(e, "href") != "data:," {
			t.Errorf("%s", e)
		}
	}
	want := slices.Collect(maps.Keys(links))
	for _, op := range document.Operations() {
		want = append(want, op.ID)
	}
	for name := range document.Spec.Components.Schemas {
		want = append(want, "schema-"+name)
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)`").FindAllStringSubmatch(document.Spec.Components.Schemas["ErrorCode"].Value.Description, -1) {
		want = append(want, "error-"+m[1])
	}
	for _, id := range want {
		if !ids[id] {
			t.Errorf("nothing has the id %s", id)
		}
	}
}

// What a description has of HTML is text, or left out: it never is part of the page.
func TestDescriptionsAreNoHTML(t *testing.T) {
	t.Parallel()
	got := string(markdown("a <script>alert(1)</script> `<b>` [x](javascript:alert(1)) <img src=x onerror=y>\n\n| a |\n| --- |\n| b |"))
	for _, bad := range []string{"<script", "<img", "<b>", "javascript:"} {
		if strings.Contains(got, bad) {
			t.Errorf("%s is in %s", bad, got)
		}
	}
	if !strings.Contains(got, "<table>") || !strings.Contains(got, "<code>&lt;b&gt;</code>") {
		t.Errorf("%s", got)
	}
	if got := string(inline("one `word`")); got != "one <code>word</code>" {
		t.Errorf("%s", got)
	}
	if got := string(inline("one\n\ntwo")); got != "<p>one</p>\n<p>two</p>" {
		t.Errorf("%s", got)
	}
}
