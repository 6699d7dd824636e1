package templates_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/templates"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// The templates that every account has work as those of accounts do.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	s := &jobs.Service{Ready: func() error { return nil }, Providers: func(string) bool { return true }}
	seen := make(map[string]bool)
	for i, one := range templates.BuiltIn() {
		require.NoError(t, s.CheckTemplate(context.Background(), &one), one.Name)
		require.True(t, one.BuiltIn())
		require.True(t, models.ValidID(one.ID))
		require.NotEmpty(t, one.Description)
		require.Positive(t, one.Version)
		require.False(t, seen[one.ID] || seen[one.Name])
		seen[one.ID], seen[one.Name] = true, true
		if i > 0 {
			require.Less(t, one.ID, templates.BuiltIn()[i-1].ID, "newest first")
		}
	}
	require.True(t, seen["make"] && seen["make-and-export"])
}
