package api

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/builds/provenance"
	"github.com/spark-games/spark/models"
)

// An export begins with the signed checkpoint of what was removed, unless only what came later is asked for.
func TestPrunedAuditIsExportedWithItsCheckpoint(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	p := a.newProject()
	chain := func() {
		_, _, err := a.store.Audit.Chain(t.Context(), 1000)
		require.NoError(t, err)
	}
	chain()
	key, err := provenance.NewKey()
	require.NoError(t, err)
	signer, err := provenance.NewSigner(key, provenance.Builder{})
	require.NoError(t, err)
	done, err := a.store.Retention.Audit(t.Context(), -time.Hour, signer.Checkpoint)
	require.NoError(t, err)
	require.Positive(t, done.Removed["audit_entries"])
	a.do("DELETE", "/v1/projects/"+p.ID, "").want(204)
	chain()

	export := func(after string) []string {
		got := a.do("GET", "/v1/audit/export"+after, "", owner, "Accept-Encoding: identity").want(200)
		return strings.Split(strings.TrimSpace(string(got.body)), "\n")
	}
	lines := export("")
	require.Len(t, lines, 2)
	var first struct{ Checkpoint json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &first))
	c, err := provenance.OpenCheckpoint(first.Checkpoint, []provenance.PublicKey{signer.Public()})
	require.NoError(t, err)
	require.Equal(t, a.account, c.AccountID)
	var entry struct {
		Action   string
		Sequence int64
		Previous string `json:"previous_hash"`
	}
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &entry))
	require.Equal(t, "project.delete", entry.Action)
	require.Equal(t, c.Sequence+1, entry.Sequence)
	require.Equal(t, c.Hash, entry.Previous)
	after, err := json.Marshal(c.Sequence)
	require.NoError(t, err)
	require.Equal(t, lines[1:], export("?after="+string(after)))
}
