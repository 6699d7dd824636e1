package kernel

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestParseTags(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		`"a"`:                     `{false [a] []} true`,
		`"a", W/"b" ,"c,d"`:       `{false [a c,d] [b]} true`,
		` * `:                     `{true [] []} true`,
		`"*"`:                     `{false [*] []} true`,
		`""`:                      `{false [] []} true`,
		`,"a",,`:                  `{false [a] []} true`,
		"":                        `{false [] []} false`,
		`a`:                       `{false [] []} false`,
		`"a`:                      `{false [] []} false`,
		`"a" "b"`:                 `{false [] []} false`,
		`"a" x`:                   `{false [] []} false`,
		`w/"a"`:                   `{false [] []} false`,
		`*, "a"`:                  `{false [] []} false`,
		`"a b"`:                   `{false [] []} false`,
		"\"a\"|W/\"b\"":           `{false [a] [b]} true`,
		"W/\"zip-1\",\"zip-1x\"|": `{false [zip-1x] [zip-1]} true`,
	} {
		tags, ok := ParseTags(strings.Split(header, "|"))
		if got := fmt.Sprint(tags, ok); got != want {
			t.Errorf("%s: %s, want %s", header, got, want)
		}
	}
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{`"x"`: true, `W/"x"`: true, `*`: true, `"xy"`: false, `x`: false, `"a","x"`: true, `"ax"`: false, "": false} {
		r := &http.Request{Header: http.Header{}}
		if header != "" {
			r.Header.Set("If-None-Match", header)
		}
		if got, err := CheckRead(r, "x"); got != want || err != nil {
			t.Errorf("%s: %v %v", header, got, err)
		}
	}
}

func FuzzParseTags(f *testing.F) {
	for _, seed := range []string{`"a", W/"b"`, `*`, `"`, `W/`, `,,`, `"a""b"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		tags, ok := ParseTags([]string{header})
		if !ok {
			return
		}
		var written []string
		for _, s := range tags.Strong {
			written = append(written, QuoteTag(s))
		}
		for _, s := range tags.Weak {
			written = append(written, "W/"+QuoteTag(s))
		}
		if tags.Any {
			written = []string{"*"}
		}
		if again, ok := ParseTags([]string{strings.Join(written, ", ")}); !ok || fmt.Sprint(again) != fmt.Sprint(tags) {
			t.Errorf("%q is %v, and again %v", header, tags, again)
		}
	})
}
