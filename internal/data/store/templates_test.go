package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func newTemplate(account, name string) *models.Template {
	return &models.Template{ID: models.NewID(), AccountID: account, Name: name, Description: "d\x00",
		Parameters: models.Parameters{"a": {Type: models.ParameterEnum, Values: []string{"x", "ü\"\\"}, Default: []byte(`"x"`)}},
		Steps: []models.TemplateStep{{Kind: models.KindBuild, Name: "b", Input: []byte(`{"mode":"{{params.a}}"}`), After: &[]string{}},
			{Kind: models.KindExport, RunIf: map[string]models.DependencyCondition{"b": models.RunAlways}}}}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		made := newTemplate(p.AccountID, "one")
		require.NoError(t, s.Templates.Create(t.Context(), made, 3))
		read, err := s.Templates.Template(t.Context(), p.AccountID, "one")
		require.NoError(t, err)
		made.Description = read.Description
		require.Equal(t, made, read)
		require.NotContains(t, read.Description, "\x00")

		// Of many at once with one name, or beyond the limit, those that fit are made.
		var all sync.WaitGroup
		codes := make([]models.Code, 8)
		for i := range codes {
			all.Go(func() {
				if err := s.Templates.Create(t.Context(), newTemplate(p.AccountID, []string{"two", "three", "four", "five"}[i/2]), 3); err != nil {
					codes[i] = models.CodeOf(err)
				}
			})
		}
		all.Wait()
		rows, err := s.Templates.List(t.Context(), p.AccountID, models.Page{Limit: 100})
		require.NoError(t, err)
		require.Len(t, rows, 3, "%v", codes)
		taken, err := s.Templates.Names(t.Context(), p.AccountID, []string{"one", "six"})
		require.NoError(t, err)
		require.Equal(t, []string{"one"}, taken)

		// Changes at once each make a version.
		for i := range 6 {
			all.Go(func() {
				_, err := s.Templates.Change(t.Context(), p.AccountID, "one", func(t *models.Template) error {
					t.Description += fmt.Sprint(i)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		read, err = s.Templates.Template(t.Context(), p.AccountID, "one")
		require.NoError(t, err)
		require.Equal(t, []int{7, len(made.Description) + 6}, []int{read.Version, len(read.Description)})

		// Others have none of it.
		other := tenant(t, s).AccountID
		_, err = s.Templates.Template(t.Context(), other, "one")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		allow := func(*models.Template) error { return nil }
		require.Equal(t, models.CodeNotFound, models.CodeOf(s.Templates.Delete(t.Context(), other, "one", allow)))
		require.NoError(t, s.Templates.Create(t.Context(), newTemplate(other, "one"), 3))
		require.NoError(t, s.Templates.Delete(t.Context(), p.AccountID, "one", allow))
		_, err = s.Templates.Template(t.Context(), other, "one")
		require.NoError(t, err)
	})
}

// However a template's deletion and a schedule that names it meet, no schedule names what is gone.
func TestTemplatesOfSchedulesStay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		for i := range 12 {
			name := fmt.Sprint("t", i)
			template := newTemplate(p.AccountID, name)
			require.NoError(t, s.Templates.Create(t.Context(), template, 100))
			schedule := &models.AccountSchedule{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Name: "x", Cron: "@daily", TimeZone: "UTC",
				Target:  models.ToJSON(map[string]any{"pipeline": map[string]any{"template": name, "metadata": map[string]string{"nul": "\x00"}}}),
				Overlap: models.ConcurrencySkip, Misfire: models.MisfireSkip, NextRunAt: time.Now(), CountedFrom: time.Now(), TemplateID: template.ID}
			var created, deleted error
			var both sync.WaitGroup
			both.Go(func() { created = s.Schedules.Create(t.Context(), schedule, 0) })
			both.Go(func() {
				deleted = s.Templates.Delete(t.Context(), p.AccountID, name, func(*models.Template) error { return nil })
			})
			both.Wait()
			if deleted == nil {
				require.Equal(t, models.CodeNotFound, models.CodeOf(created), "%v", created)
				require.Equal(t, "/pipeline/template", models.AsError(created).Pointer)
			} else {
				require.Equal(t, models.CodeConflict, models.CodeOf(deleted))
				require.NoError(t, created)
			}
		}
	})
}
