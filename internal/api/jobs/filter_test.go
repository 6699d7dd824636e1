package jobs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever text a request has, it is a few pairs or refused, and pairs that are written down are read as they were.
func FuzzReadPairs(f *testing.F) {
	for _, seed := range []string{"a:1", `a\:b:1\,2,c:`, "a:b:c", ",", `\`, ":", "é:ü", "a:1,a:2"} {
		f.Add(seed)
	}
	escape := strings.NewReplacer(`\`, `\\`, ",", `\,`, ":", `\:`)
	f.Fuzz(func(t *testing.T, text string) {
		pairs, err := readPairs(text)
		if err != nil || pairs == nil {
			return
		}
		require.LessOrEqual(t, len(*pairs), maxPairs)
		var again []string
		for k, v := range *pairs {
			require.NotEmpty(t, k)
			again = append(again, escape.Replace(k)+":"+escape.Replace(v))
		}
		reread, err := readPairs(strings.Join(again, ","))
		require.NoError(t, err)
		require.Equal(t, pairs, reread)
	})
}
