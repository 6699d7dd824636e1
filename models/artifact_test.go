package models

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"":                                     "game",
		"星":                                    "game",
		"---":                                  "game",
		"Fox & Friends!":                       "fox-friends",
		" 3D  Runner ":                         "3d-runner",
		"Über das Meer":                        "ber-das-meer",
		strings.Repeat("a", 200):               strings.Repeat("a", 60),
		strings.Repeat("a", 59) + " and so on": strings.Repeat("a", 59),
	} {
		require.Equal(t, want, Slug(title), title)
	}
	require.Equal(t, "fox.html", FileName("Fox", ExportHTML))
}

func FuzzSlug(f *testing.F) {
	f.Add("A Fox’s Tale: part 2")
	f.Add("../../etc/passwd\r\nSet-Cookie: x")
	f.Add("İIıi-K\u212a")
	slug := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	f.Fuzz(func(t *testing.T, title string) {
		s := Slug(title)
		if !slug.MatchString(s) || len(s) > maxSlug {
			t.Fatalf("%q is no slug", s)
		}
		if Slug(s) != s {
			t.Fatalf("the slug of %q is %q", s, Slug(s))
		}
	})
}
