package jobs

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestResolveSteps(t *testing.T) {
	t.Parallel()
	after := func(names ...string) *[]string { return &names }
	gen, build := models.KindGeneration, models.KindBuild
	for name, c := range map[string]struct {
		steps   []Step
		want    [][]int
		code    models.Code
		pointer string
	}{
		"in order":     {[]Step{{Kind: gen}, {Kind: build}, {Kind: build}}, [][]int{nil, {0}, {1}}, "", ""},
		"named":        {[]Step{{Kind: gen}, {Kind: build, Name: "p"}, {Kind: build, After: after("generation")}, {Kind: build, After: after("p", "build-2", "p")}}, [][]int{nil, {0}, {0}, {1, 2}}, "", ""},
		"at once":      {[]Step{{Kind: gen}, {Kind: build, After: after()}}, [][]int{nil, nil}, "", ""},
		"unknown name": {[]Step{{Kind: gen, After: after("nope")}}, nil, models.CodeInvalidRequest, "/steps/0/after/0"},
		"doubled name": {[]Step{{Kind: gen, Name: "x"}, {Kind: build, Name: "x"}}, nil, models.CodeInvalidRequest, "/steps/1/name"},
		"itself":       {[]Step{{Kind: gen, After: after("generation")}}, nil, models.CodePipelineCycle, "/steps/0/after"},
		"cycle":        {[]Step{{Kind: gen, After: after("build")}, {Kind: build}}, nil, models.CodePipelineCycle, "/steps/1/after"},
		"long name":    {[]Step{{Kind: gen, Name: strings.Repeat("x", 65)}}, nil, models.CodeInvalidRequest, "/steps/0/name"},
	} {
		got, err := resolveSteps(c.steps)
		if c.code == "" {
			require.NoError(t, err, name)
			require.Equal(t, c.want, got.after, name)
			continue
		}
		require.Nil(t, got, name)
		require.Equal(t, c.code, models.CodeOf(err), name)
		require.Equal(t, c.pointer, models.AsError(err).Pointer, name)
	}
}

// accepting is an intake that has one project of one account, with a preview, a release and an export, and takes all.
type accepting struct {
	Intake
	got      Submission
	engine   string // of the project
	released bool   // it has a release
}

const (
	ownAccount, ownProject         = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
	ownPreview, ownRelease, ownZip = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002", "00000000-0000-7000-8000-000000000003"
)

func (a *accepting) Submit(_ context.Context, s Submission) error { a.got = s; return nil }

func (a *accepting) Project(_ context.Context, account, id string) (*models.Project, error) {
	if account != ownAccount || id != ownProject {
		return nil, models.NewError(models.CodeNotFound, "no such project")
	}
	return &models.Project{ID: id, AccountID: account, Engine: a.engine}, nil
}

func (a *accepting) Artifact(_ context.Context, account, id string) (*models.Artifact, error) {
	artifact := &models.Artifact{ID: id, AccountID: account, ProjectID: ownProject, Kind: models.ArtifactBuild, Mode: models.ModeRelease}
	switch id {
	case ownRelease:
	case ownPreview:
		artifact.Mode = models.ModePreview
	case ownZip:
		artifact.Kind = models.ArtifactExport
	default:
		return nil, models.NewError(models.CodeNotFound, "no such artifact")
	}
	return artifact, nil
}

// LatestRelease implements Intake.
func (a *accepting) LatestRelease(context.Context, string, string) (*models.Artifact, error) {
	if a.released {
		return &models.Artifact{}, nil
	}
	return nil, models.NewError(models.CodeNotFound, "no such artifact")
}

func newService() (*Service, *accepting) {
	in := &accepting{}
	return &Service{Intake: in, Accounts: standings{}, Providers: func(string) bool { return true }, Ready: func() error { return nil },
		Changed: func([]string, []models.Queue) {}}, in
}

// A build whose game an export takes is a release unless the step says otherwise, which is refused before anything is paid
// for.
func TestBuildsThatFeedExportsAreReleases(t *testing.T) {
	t.Parallel()
	after := func(names ...string) *[]string { return &names }
	gen := Step{Kind: models.KindGeneration, Input: []byte(`{"prompt":"a fox"}`)}
	first := gen
	first.After = after()
	build := func(name, mode string, after *[]string) Step {
		s := Step{Name: name, Kind: models.KindBuild, After: after}
		if mode != "" {
			s.Input = models.ToJSON(BuildInput{Mode: mode})
		}
		return s
	}
	export := func(name string, after *[]string) Step {
		return Step{Name: name, Kind: models.KindExport, After: after}
	}
	for name, c := range map[string]struct {
		steps   []Step
		modes   []string // of the builds, in order
		pointer string
	}{
		"in order":  {[]Step{gen, build("", "", nil), export("", nil)}, []string{"release"}, ""},
		"said":      {[]Step{gen, build("", "release", nil), export("", nil)}, []string{"release"}, ""},
		"a preview": {[]Step{gen, build("", "preview", nil), export("", nil)}, nil, "/steps/1/input/mode"},
		"no export": {[]Step{gen, build("", "", nil), build("", "preview", nil)}, []string{"", "preview"}, ""},
		"export of something else": {[]Step{gen, build("", "preview", nil),
			{Kind: models.KindExport, Input: models.ToJSON(ExportInput{ArtifactID: ownRelease})}}, []string{"preview"}, ""},
		"the nearest":              {[]Step{gen, build("p", "preview", nil), build("r", "", nil), export("", nil)}, []string{"preview", "release"}, ""},
		"the nearest is a preview": {[]Step{gen, build("r", "release", nil), build("p", "preview", nil), export("", nil)}, nil, "/steps/2/input/mode"},
		"before it in the list":    {[]Step{export("e", after("b")), first, build("b", "", after("generation"))}, []string{"release"}, ""},
		"before it, a preview":     {[]Step{export("e", after("b")), first, build("b", "preview", after("generation"))}, nil, "/steps/2/input/mode"},
		"through another export":   {[]Step{gen, build("b", "preview", nil), {Name: "one", Kind: models.KindExport, Input: models.ToJSON(ExportInput{ArtifactID: ownRelease})}, export("two", nil)}, nil, "/steps/1/input/mode"},
		"beside it":                {[]Step{gen, build("p", "preview", nil), build("r", "", after("generation")), export("e", after("r"))}, []string{"preview", "release"}, ""},
		"of two, the last":         {[]Step{gen, build("p", "preview", after("generation")), build("r", "", after("generation")), export("e", after("r", "p"))}, []string{"preview", "release"}, ""},
		"of two, the last fails":   {[]Step{gen, build("r", "", after("generation")), build("p", "preview", after("generation")), export("e", after("r", "p"))}, nil, "/steps/2/input/mode"},
		"two exports":              {[]Step{gen, build("b", "", nil), export("e", after("b")), export("f", after("b"))}, []string{"release"}, ""},
		"no build at all":          {[]Step{export("", nil)}, nil, ""},
	} {
		s, in := newService()
		_, _, err := s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Steps: c.steps})
		if c.pointer != "" {
			require.Equal(t, models.CodeExportNeedsRelease, models.CodeOf(err), name)
			require.Equal(t, c.pointer, models.AsError(err).Pointer, name)
			require.Empty(t, in.got.Jobs, name)
			continue
		}
		require.NoError(t, err, name)
		var modes []string
		for _, j := range in.got.Jobs {
			if j.Kind == models.KindBuild {
				var b BuildInput
				require.NoError(t, json.Unmarshal(j.Input, &b))
				modes = append(modes, b.Mode)
			}
		}
		require.Equal(t, c.modes, modes, name)
	}
}

func TestExportOfWhatCannotBeExportedIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := newService()
	for id, code := range map[string]models.Code{ownPreview: models.CodeExportNeedsRelease, ownZip: models.CodeNoArtifact, models.NewID(): models.CodeNotFound, ownRelease: ""} {
		step := Step{Kind: models.KindExport, Input: models.ToJSON(ExportInput{ArtifactID: id})}
		_, err := s.Submit(t.Context(), JobRequest{AccountID: ownAccount, ProjectID: ownProject, Kind: step.Kind, Input: step.Input})
		_, _, perr := s.SubmitPipeline(t.Context(), PipelineRequest{AccountID: ownAccount, ProjectID: ownProject, Steps: []Step{step}})
		if code == "" {
			require.NoError(t, err)
			require.NoError(t, perr)
			continue
		}
		require.Equal(t, code, models.CodeOf(err))
		require.Equal(t, "/input/artifact_id", models.AsError(err).Pointer)
		require.Equal(t, code, models.CodeOf(perr))
		require.Equal(t, "/steps/0/input/artifact_id", models.AsError(perr).Pointer)
	}
}

func TestNewJobIsChecked(t *testing.T) {
	t.Parallel()
	s, _ := newService()
	s.Providers = func(name string) bool { return name == "builtin" }
	ok := JobRequest{AccountID: ownAccount, ProjectID: ownProject, Kind: models.KindGeneration, Input: []byte(`{"prompt":"a fox","provider":"builtin"}`)}
	j, err := s.New(t.Context(), ok)
	require.NoError(t, err)
	require.Equal(t, models.StateQueued, j.State)
	require.Equal(t, models.PriorityDefault, j.Priority)
	require.Equal(t, PolicyOf(models.KindGeneration).MaxFailures, j.MaxFailures)
	for pointer, change := range map[string]func(r *JobRequest){
		"/kind":           func(r *JobRequest) { r.Kind = "mining" },
		"/priority":       func(r *JobRequest) { r.Priority = "now" },
		"/project_id":     func(r *JobRequest) { r.ProjectID = "" },
		"/project_id#":    func(r *JobRequest) { r.ProjectID = "not an id" },
		"/input/provider": func(r *JobRequest) { r.Input = []byte(`{"prompt":"a","provider":"other"}`) },
		"/input/prompt":   func(r *JobRequest) { r.Input = nil },
	} {
		r := ok
		change(&r)
		_, err := s.New(t.Context(), r)
		require.Equal(t, strings.TrimRight(pointer, "#"), models.AsError(err).Pointer)
	}
	_, err = s.New(t.Context(), JobRequest{Kind: models.KindAnalytics})
	require.Error(t, err, "a job of no account")
}
