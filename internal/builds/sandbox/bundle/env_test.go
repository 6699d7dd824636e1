package bundle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

func TestParseEnv(t *testing.T) {
	t.Parallel()
	known := map[string]string{"BEFORE": "old"}
	require.NoError(t, parseEnv(strings.Join([]string{
		"A=1", "export B = two words  # a remark", "C='single $A'", `D="first\nlast \"quoted\""`, "E=`back`", "F=", "# G=no", "H=$A-${B}", `I=\$A`, "J=${NONE}.",
		"K=\"several\nlines\"", "L=it's", "BEFORE=new", "not a line", "M=a=b\r",
	}, "\n"), known))
	require.Equal(t, map[string]string{"A": "1", "B": "two words", "C": "single $A", "D": "first\nlast \"quoted\"", "E": "back", "F": "", "H": "1-two words", "I": "$A",
		"J": ".", "K": "several\nlines", "L": "it's", "BEFORE": "new", "M": "a=b"}, known)
}

// Values that repeat one another grow without end.
func TestEnvIsBounded(t *testing.T) {
	t.Parallel()
	text := "A=" + strings.Repeat("x", 1000) + "\n" + strings.Repeat("A=$A$A\n", 40)
	require.ErrorContains(t, parseEnv(text, map[string]string{}), "the value of A is longer")
	require.Error(t, parseEnv("A="+strings.Repeat("x", maxEnvValue+1), map[string]string{}))
}

// What begins with VITE_ is in the code and in the page, of the mode's own file first, and nothing else is.
func TestEnv(t *testing.T) {
	t.Parallel()
	list := files("index.html", `<title>%VITE_TITLE% %MODE% %SECRET%</title>`+workerPage, "src/main.js", `const {VITE_TITLE: again} = import.meta.env
console.log(import.meta.env.VITE_TITLE, import.meta.env.SECRET, import.meta.env.DEV, import.meta.env.BASE_URL, again, Object.keys(import.meta.env))`,
		".env", "VITE_TITLE=plain\nSECRET=hush\n", ".env.production", "VITE_TITLE='the release'\n")
	for mode, title := range map[engines.Mode]string{engines.Preview: "plain development", engines.Release: "the release production"} {
		res := build(t, mode, "", list)
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		require.Contains(t, output(res, "", ".html"), "<title>"+title+" %SECRET%</title>")
		require.Contains(t, output(res, "", ".js"), strings.Fields(title)[0])
		for _, f := range res.Outputs {
			if !strings.HasSuffix(f.Path, ".map") {
				require.NotContains(t, string(f.Data), "hush", f.Path)
			}
		}
		require.NotContains(t, names(res), ".env")
	}
	res := build(t, engines.Release, "", append(list, files(".env.local", "A="+strings.Repeat("x", maxEnvValue+1))...))
	require.True(t, res.Failed())
	require.Equal(t, ".env.local", res.Diagnostics[0].File)
}
