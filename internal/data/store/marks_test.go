package store

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// A mark is another after each change, and only then.
func TestMarks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		j := submit1(t, s, p)
		o := &models.Operation{ID: models.NewID(), AccountID: p.AccountID, Action: models.OperationCancel, Filter: models.JSON(`{}`)}
		require.NoError(t, s.Operations.Create(t.Context(), o, 10))
		pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}
		step := newJob(p, models.KindBuild, models.StateQueued)
		step.PipelineID = pipeline.ID
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Pipeline: pipeline, Jobs: []*models.Job{step}}))
		ids := []string{j.ID, p.AccountID, other.AccountID, o.ID, models.NewID(), `"}'\`, p.ID, pipeline.ID}
		var last map[string]string
		changed := func() (which []string) {
			t.Helper()
			marks, err := s.Stream.Marks(t.Context(), ids)
			require.NoError(t, err)
			for i, name := range []string{"job", "account", "other", "operation", "unknown", "odd", "project", "pipeline"} {
				if marks[ids[i]] != last[ids[i]] {
					which = append(which, name)
				}
			}
			last = marks
			return which
		}
		require.Equal(t, []string{"job", "operation"}, changed())
		require.Empty(t, changed())
		streams, _, _, err := s.Stream.Sequence(t.Context(), 100)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{p.AccountID, p.ID, pipeline.ID}, streams)
		require.Equal(t, []string{"account", "project", "pipeline"}, changed())
		claim(t, s, p, j)
		require.Equal(t, []string{"job"}, changed())
		sequence(t, s)
		submit1(t, s, other)
		sequence(t, s)
		require.Equal(t, []string{"account", "other", "project", "pipeline"}, changed())
		_, err = s.Operations.Stop(t.Context(), p.AccountID, o.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"operation"}, changed())
		marks, err := s.Stream.Marks(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, marks)
	})
}
