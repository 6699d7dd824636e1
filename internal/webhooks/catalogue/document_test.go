package catalogue_test

import (
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
)

// The document describes each type and no other, and what is sent is as it says. OpenAPI 3.0 has no webhooks, which x-webhooks stand for.
func TestTheDocumentDescribesTheCatalogue(t *testing.T) {
	t.Parallel()
	document, err := openapi.Load()
	require.NoError(t, err)
	described, ok := document.Spec.Extensions["x-webhooks"].(map[string]any)
	require.True(t, ok)
	require.Len(t, described, len(catalogue.Types()))
	for _, typ := range catalogue.Types() {
		post, ok := described[typ.Name].(map[string]any)["post"].(map[string]any)
		require.True(t, ok, typ.Name)
		require.Equal(t, typ.Description, post["summary"])
		m := catalogue.Sample(typ.Name, at)
		m.AccountID = "01900000-0000-7000-8000-000000000009"
		raw, err := new(catalogue.Renderer).Body(t.Context(), m, nil)
		require.NoError(t, err)
		var value any
		require.NoError(t, json.Unmarshal(raw, &value))
		name := "WebhookAccountEvent"
		if m.JobID != "" {
			name = "WebhookJobEvent"
		}
		require.Contains(t, toJSON(t, post["requestBody"]), name)
		require.NoError(t, document.Spec.Components.Schemas[name].Value.VisitJSON(value, openapi3.MultiErrors()), "%s: %s", typ.Name, raw)
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}
