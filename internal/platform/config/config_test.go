package config

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestLoad(t *testing.T) {
	t.Setenv("SPARK_DATA_DIR", t.TempDir())
	t.Setenv("SPARK_DATABASE_URL", "postgres://u:hunter2@db/x")
	t.Setenv("SPARK_KINDS", "build, export")
	t.Setenv("SPARK_CONCURRENCY", "build=3")
	t.Setenv("SPARK_OPENAI_API_KEY", "hunter2")
	c, err := Load()
	require.NoError(t, err)
	require.Equal(t, []models.Kind{models.KindBuild, models.KindExport}, c.Kinds.OrAll())
	require.Equal(t, 3, c.Concurrency[models.KindBuild])
	require.Equal(t, Age(30*day), c.Keep.Jobs)
	require.Zero(t, c.Keep.Revisions)
	require.Equal(t, "127.0.0.1:8080", c.HTTP.Addr)
	require.Equal(t, "postgres://u:hunter2@db/x", c.Database())
	b, err := json.Marshal(c)
	require.NoError(t, err)
	for _, shown := range []string{string(b), fmt.Sprint(c), fmt.Sprintf("%+v %#v %q %x", *c, *c, c.DatabaseURL, c.OpenAI.APIKey)} {
		require.NotContains(t, shown, "hunter2")
		require.NotContains(t, shown, "68756e746572")
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, value := range map[string]string{
		"SPARK_ADDR": "nonsense", "SPARK_DATABASE_URL": "mysql://x:hunter2@y", "SPARK_REDIS_URL": "http://x", "SPARK_KINDS": "mining",
		"SPARK_CONCURRENCY": "build=none", "SPARK_DISPATCH_WINDOW": "0", "SPARK_SHUTDOWN_TIMEOUT": "soon", "SPARK_PROVIDER": "openai",
		"SPARK_LOG_FORMAT": "xml", "SPARK_SANDBOX": "none", "SPARK_POOL_MAX": "-1", "SPARK_POOL_WARM": "many",
		"SPARK_KEEP_JOBS": "1m", "SPARK_KEEP_EVENTS": "a while", "SPARK_KEEP_REVISIONS": "-1d", "SPARK_KEEP_RELEASES": "65535d", "SPARK_KEEP_UNUSED_FILES": "2h",
		"SPARK_BUILDER_ID": "somewhere", "SPARK_PUBLIC_URL": "games.example.com",
		"SPARK_OUTBOUND_PORTS": "443,https", "SPARK_OUTBOUND_ALLOW": "localhost", "SPARK_OUTBOUND_PROXY": "proxy:3128",
		"SPARK_SESSION_IDLE": "1m", "SPARK_SESSION_LIFE": "1h",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			_, err := Load()
			require.Error(t, err)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"": true, "https://games.example.com": true, "http://10.0.0.1:8080/": true,
		"games.example.com": false, "https://": false, "https://:8443": false, "ftp://x": false, "https://x/spark": false, "https://x?a": false,
		"https://x#a": false, "https://me@x": false, "://": false} {
		u, err := (&Config{HTTP: HTTP{PublicURL: value}}).Public()
		require.Equal(t, want, err == nil, value)
		require.Equal(t, want && value != "", u != nil, value)
	}
}

// Browsers leave out the default port and write names in lower case, so what they send would never be equal.
func TestPublicIsWhatBrowsersSend(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"https://x:443": "https://x", "http://x:80/": "http://x", "https://x:80": "https://x:80", "http://x:443": "http://x:443",
		"https://x:8443": "https://x:8443", "https://x:": "https://x", "https://[::1]:443": "https://[::1]", "HTTPS://Games.Example.com": "https://games.example.com"} {
		u, err := (&Config{HTTP: HTTP{PublicURL: value}}).Public()
		require.NoError(t, err, value)
		require.Equal(t, want, u.String(), value)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"0": "0d", "0s": "0d", "30d": "30d", "36h": "36h0m0s", "48h": "2d", "90m": "1h30m0s"} {
		var a Age
		require.NoError(t, a.UnmarshalText([]byte(text)), text)
		shown, err := a.MarshalText()
		require.NoError(t, err)
		require.Equal(t, want, string(shown))
		var again Age
		require.NoError(t, again.UnmarshalText(shown))
		require.Equal(t, a, again)
	}
	for _, text := range []string{"", "d", "-1d", "1.5d", "30", "-1h", "1000000h", "99999999999999999999d", "1 d"} {
		var a Age
		require.Error(t, a.UnmarshalText([]byte(text)), text)
	}
}
