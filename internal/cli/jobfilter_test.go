package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// The flags of lists and of many jobs at once are the same filter.
func TestJobFilterFlags(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	j := jobFilter{state: "queued", kind: "build", endUser: "fox", key: "line", submitter: "k1", metadata: []string{`a:b=1,2\3`, "order=7=8"},
		since: time.Hour, dueFrom: "2026-02-01T00:00:00Z", expiresTo: "2026-02-02T00:00:00+01:00"}
	require.NoError(t, j.check(models.States()))
	p, err := j.params(&pageFlags{limit: 5}, now)
	require.NoError(t, err)
	require.Equal(t, `a\:b:1\,2\\3,order:7=8`, *p.Metadata)
	require.Equal(t, []any{models.StateQueued, models.KindBuild, "fox", "line", "k1", 5, now.Add(-time.Hour)},
		[]any{*p.State, *p.Kind, *p.EndUser, *p.ConcurrencyKey, *p.Submitter, *p.Limit, *p.CreatedFrom})
	require.Nil(t, p.CreatedTo)
	require.Nil(t, p.RunAtTo)
	require.Equal(t, "2026-02-01T00:00:00Z", p.RunAtFrom.Format(time.RFC3339))
	require.True(t, p.ExpiresAtTo.Equal(time.Date(2026, 2, 1, 23, 0, 0, 0, time.UTC)))

	b := bulkFlags{jobFilter: j, dryRun: true}
	o, err := b.operation(models.OperationCancel, now)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a:b": `1,2\3`, "order": "7=8"}, *o.Filter.Metadata)
	require.Equal(t, p.RunAtFrom, o.Filter.RunAtFrom)
	all := bulkFlags{all: true}
	o, err = all.operation(models.OperationCancel, now)
	require.NoError(t, err)
	require.Nil(t, o.Filter)

	for _, bad := range []jobFilter{{metadata: []string{"order"}}, {metadata: []string{"=7"}}, {dueTo: "tomorrow"}, {state: "x"}} {
		require.Error(t, bad.check(models.States()))
	}
	require.Equal(t, "the platform", submitterOf(nil))
	require.Equal(t, "session", submitterOf(&wire.JobSubmitter{Kind: models.ActorSession}))
	require.Equal(t, "user 1", submitterOf(&wire.JobSubmitter{Kind: models.ActorSession, UserID: new("1")}))
	require.Equal(t, "token 1", submitterOf(&wire.JobSubmitter{Kind: models.ActorToken, KeyID: new("1")}))
}
