package jobs

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// An export that could only fail is refused before anything is paid for.
func TestExportsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	after := func(names ...string) *[]string { return &names }
	gen := Step{Kind: models.KindGeneration, Input: []byte(`{"prompt":"a fox"}`)}
	build := Step{Kind: models.KindBuild}
	export := Step{Kind: models.KindExport}
	page := Step{Kind: models.KindExport, Input: []byte(`{"format":"html"}`)}
	of := Step{Kind: models.KindExport, Input: []byte(`{"format":"html","artifact_id":"{{steps.build.output.artifact_id}}"}`)}
	existing := Step{Kind: models.KindExport, Input: models.ToJSON(ExportInput{Format: models.ExportHTML, ArtifactID: ownRelease})}
	for name, c := range map[string]struct {
		steps    []Step
		engine   string
		released bool
		isNew    bool
		code     models.Code // "" is accepted
		pointer  string
	}{
		"a page for a browser":            {[]Step{gen, build, page}, "web", false, true, "", ""},
		"a program":                       {[]Step{gen, build, export}, "linux", false, true, "", ""},
		"a page of a program":             {[]Step{gen, build, page}, "linux", false, false, models.CodeNotPlayable, "/steps/2/input/format"},
		"of a new project":                {[]Step{gen, build, page}, "linux", false, true, models.CodeNotPlayable, "/steps/2/input/format"},
		"of a step":                       {[]Step{gen, build, of}, "linux", false, false, models.CodeNotPlayable, "/steps/2/input/format"},
		"of an engine that is not known":  {[]Step{gen, build, page}, "else", false, false, "", ""},
		"of a program that is there":      {[]Step{gen, existing}, "web", false, false, models.CodeNotPlayable, "/steps/1/input/format"},
		"nothing is built":                {[]Step{gen, export}, "web", false, false, models.CodeNoArtifact, "/steps/1"},
		"nothing is built in a new one":   {[]Step{gen, page}, "web", true, true, models.CodeNoArtifact, "/steps/1"},
		"a build beside it":               {[]Step{gen, build, {Kind: models.KindExport, After: after("generation")}}, "web", false, false, models.CodeNoArtifact, "/steps/2"},
		"an earlier release":              {[]Step{gen, export}, "web", true, false, "", ""},
		"alone, when it may have become":  {[]Step{export}, "web", false, false, "", ""},
		"after what no template can know": {[]Step{gen, page}, "", false, true, "", ""},
	} {
		s, in := newService()
		s.Outputs = func(engine, _ string) []string {
			if engine == "else" {
				return nil
			}
			return []string{engine}
		}
		in.engine, in.released = c.engine, c.released
		req := PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Steps: c.steps}
		if c.isNew {
			req.NewProject = &models.Project{ID: ownProject, AccountID: ownAccount, Engine: c.engine}
		}
		_, _, err := s.SubmitPipeline(t.Context(), req)
		if c.code == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, c.code, models.CodeOf(err), name)
		require.Equal(t, c.pointer, models.AsError(err).Pointer, name)
		require.Empty(t, in.got.Jobs, name)
	}
}
