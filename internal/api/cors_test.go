package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestOtherOrigins(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) { o.Origins = []string{"https://app.example.com", "https://*.example.dev"} })
	job := "/v1/jobs/" + a.submit(models.KindBuild).ID
	for origin, allowed := range map[string]bool{
		"https://app.example.com": true, "https://a.example.dev": true,
		"https://example.com": false, "http://app.example.com": false, "https://app.example.com.evil.example": false, "https://evilexample.dev": false, "null": false,
	} {
		want := ""
		if allowed {
			want = origin
		}
		got := a.do("GET", job, "", "Origin: "+origin).want(200)
		require.Equal(t, want, got.header.Get("Access-Control-Allow-Origin"), origin)
		require.Empty(t, got.header.Get("Access-Control-Allow-Credentials"))
		require.Contains(t, got.header.Values("Vary"), "Origin")
		// A preflight has no key, and reaches no operation.
		asked := a.do("OPTIONS", "/v1/jobs", "", "Authorization: ", "Origin: "+origin, "Access-Control-Request-Method: POST",
			"Access-Control-Request-Headers: authorization,content-type,idempotency-key")
		require.Equal(t, want, asked.header.Get("Access-Control-Allow-Origin"), origin)
		require.Equal(t, allowed, asked.header.Get("Access-Control-Allow-Headers") != "", origin)
	}
	// A refusal can be read, too.
	refused := a.do("GET", job, "", "Authorization: ", "Origin: https://app.example.com").want(http.StatusUnauthorized)
	require.Equal(t, "https://app.example.com", refused.header.Get("Access-Control-Allow-Origin"))
	require.Contains(t, refused.header.Get("Access-Control-Expose-Headers"), "Retry-After")
	for _, path := range []string{"/admin/jobs", "/readyz", "/play/" + models.NewID()} {
		require.Empty(t, a.do("GET", path, "", "Origin: https://app.example.com").header.Get("Access-Control-Allow-Origin"), path)
	}
}

func TestNoOtherOrigins(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	got := a.do("GET", "/v1/jobs", "", "Origin: https://app.example.com").want(200)
	require.Empty(t, got.header.Get("Access-Control-Allow-Origin"))
}
