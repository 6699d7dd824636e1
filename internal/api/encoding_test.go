package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A body is packed if any line says so, not only the first.
func TestPackedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for _, tt := range []struct {
		encodings []string
		want      int
	}{
		{nil, 201}, {[]string{"identity"}, 201}, {[]string{"Identity", "identity"}, 201}, {[]string{""}, 201},
		{[]string{"gzip"}, 415}, {[]string{"identity", "gzip"}, 415}, {[]string{"", "zstd"}, 415}, {[]string{"identity, br"}, 415},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url+"/v1/projects", strings.NewReader(`{"name":"x","engine":"phaser"}`))
		require.NoError(t, err)
		req.Header = http.Header{"Authorization": {"Bearer " + a.key}, "Content-Type": {"application/json"}, "Content-Encoding": tt.encodings}
		res, err := a.client.Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, tt.want, res.StatusCode, "%q", tt.encodings)
	}
}
