package api

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// Who asks, and for whom, is said once: a proxy in front might have looked at the other one.
func TestHeadersOfTheCallerAreThereOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	master, other := a.newMaster(), a.newAccount()
	for name, values := range map[string][]string{
		"Spark-Account": {a.account, other},
		"Authorization": {"Bearer " + master, "Bearer " + a.key},
		"X-Api-Key":     {master, a.key},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+"/v1/projects", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+master)
		req.Header.Set("Spark-Account", a.account)
		req.Header[name] = values
		res, err := a.client.Do(req)
		require.NoError(t, err)
		raw, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		answer{t, res.StatusCode, res.Header, raw}.problem(400, models.CodeInvalidRequest)
	}
}
