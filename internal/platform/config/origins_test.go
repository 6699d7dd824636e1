package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOrigins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Origins{
		"":  nil,
		"*": {"*"},
		"https://App.example.com, http://localhost:5173": {"https://app.example.com", "http://localhost:5173"},
		"https://*.example.dev":                          {"https://*.example.dev"},
	} {
		var o Origins
		require.NoError(t, o.UnmarshalText([]byte(text)), text)
		require.Equal(t, want, o)
	}
	for _, text := range []string{"app.example.com", "https://", "https://a/", "https://a/b", "https://a?b", "ftp://a", "https://*", "https://a.*.b", "null",
		"https://user@a", "https://*.*.a", "**"} {
		var o Origins
		require.Error(t, o.UnmarshalText([]byte(text)), text)
	}
}
