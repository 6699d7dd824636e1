package store

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// What a user wrote while a generation ran stays current; the generation's revision is kept, and its output says so.
func TestGenerationDoesNotOverwriteWhatWasWrittenMeanwhile(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		for _, moved := range []bool{false, true} {
			p := tenant(t, s)
			write := func(path string) *models.Revision {
				rev, err := s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(base *models.Revision) (*models.Revision, error) {
					next := &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Manifest: models.Manifest{{Path: path, SHA256: sum}}}
					if base != nil {
						next.Parents = models.IDs{base.ID}
					}
					return next, nil
				})
				require.NoError(t, err)
				return rev
			}
			base := write("base.js")
			job := claim(t, s, p, submit1(t, s, p))
			current := base
			if moved {
				current = write("mine.js")
			}
			made := &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, JobID: job.ID, Parents: models.IDs{base.ID},
				Manifest: models.Manifest{{Path: "generated.js", SHA256: sum}}}
			_, err := s.Ledger.Finish(t.Context(), job.Fence(), jobs.Outcome{Verdict: jobs.Succeeded,
				Result: &jobs.Result{Revision: made, Output: models.ToJSON(map[string]any{"revision_id": made.ID})}})
			require.NoError(t, err)
			if !moved {
				current = made
			}
			got, err := s.Projects.Project(t.Context(), p.AccountID, p.ID)
			require.NoError(t, err)
			require.Equal(t, current.ID, got.RevisionID)
			kept, err := s.Projects.Revision(t.Context(), p.AccountID, made.ID)
			require.NoError(t, err)
			require.Equal(t, "generated.js", kept.Manifest[0].Path)

			var out struct {
				RevisionID string `json:"revision_id"`
				Superseded bool   `json:"superseded"`
			}
			require.NoError(t, json.Unmarshal(state(t, s, job).Output, &out))
			require.Equal(t, made.ID, out.RevisionID)
			require.Equal(t, moved, out.Superseded)
			events, err := s.Jobs.Events(t.Context(), p.AccountID, job.ID, 0, 100)
			require.NoError(t, err)
			var last struct{ Output struct{ Superseded bool } }
			require.NoError(t, json.Unmarshal(events[len(events)-1].Data, &last))
			require.Equal(t, moved, last.Output.Superseded, "the event says it, too")
		}
	})
}
