package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/spark-games/spark/models"
)

// MaxSteps bounds a pipeline.
const MaxSteps = 20

// Step is one job of a pipeline.
type Step struct {
	// Name is the name by which other steps refer to this one; "" is the kind, numbered from the second step of a kind.
	Name     string
	Kind     models.Kind
	Priority models.Priority
	Input    []byte
	// After names the steps that must end first. nil is the previous step; empty is none.
	After *[]string
	// OnDependencyFailure says what happens when one of them does not succeed; "" cancels this step too.
	OnDependencyFailure models.DependencyPolicy
	// RunIf has conditions for single ones of them, by their names.
	RunIf map[string]models.DependencyCondition
}

// PipelineRequest asks for several jobs of one project that depend on one another.
type PipelineRequest struct {
	AccountID string
	ProjectID string
	// NewProject is the project, checked and not stored yet, that is to be stored together with the jobs, instead of ProjectID; nil
	// if it exists.
	NewProject *models.Project
	Steps      []Step
	// Template is the name of one that has the steps, with values of its parameters, instead of Steps; "" is none.
	Template string
	Params   map[string]json.RawMessage
	Metadata []byte // a JSON object of the app's own; nil is nothing
	EndUser  string // of all steps, as is Timing
	Timing   Timing
	// WebhookURL is where the ends of its jobs are told; "" is nowhere.
	WebhookURL string
}

// CheckPipeline refuses what SubmitPipeline would refuse whatever the account has left. It returns the template that has the steps, if one has.
func (s *Service) CheckPipeline(ctx context.Context, req PipelineRequest) (models.TemplateRef, error) {
	sub, _, err := s.newPipeline(ctx, req)
	if err != nil {
		return models.TemplateRef{}, err
	}
	return sub.Pipeline.Template, nil
}

// newPipeline checks a request and makes its rows, which are not stored yet.
func (s *Service) newPipeline(ctx context.Context, req PipelineRequest) (*Submission, []models.Kind, error) {
	switch {
	case req.Template == "" && req.Params != nil:
		return nil, nil, models.FieldError("/params", "only a template has parameters")
	case req.Template == "":
		return s.newSteps(ctx, req)
	}
	template, steps, blame, err := s.fromTemplate(ctx, req)
	if err != nil {
		return nil, nil, err
	}
	req.Steps = steps
	sub, kinds, err := s.newSteps(ctx, req)
	if err != nil {
		return nil, nil, blame(err)
	}
	sub.Pipeline.Template = template
	return sub, kinds, nil
}

// newSteps is newPipeline of steps.
func (s *Service) newSteps(ctx context.Context, req PipelineRequest) (*Submission, []models.Kind, error) {
	if err := s.Ready(); err != nil {
		return nil, nil, err
	}
	if len(req.Steps) == 0 || len(req.Steps) > MaxSteps {
		return nil, nil, models.FieldError("/steps", fmt.Sprintf("a pipeline has 1 to %d steps", MaxSteps))
	}
	// Here, since the pointers are not those of a step.
	if err := req.Timing.check(time.Now()); err != nil {
		return nil, nil, err
	}
	if err := checkEndUser(req.EndUser); err != nil {
		return nil, nil, err
	}
	if err := checkMetadata(req.Metadata); err != nil {
		return nil, nil, err
	}
	g, err := resolveSteps(req.Steps)
	if err != nil {
		return nil, nil, err
	}
	if req.NewProject != nil {
		req.ProjectID = req.NewProject.ID
	}
	sub := Submission{Project: req.NewProject, Pipeline: &models.Pipeline{ID: models.NewID(), AccountID: req.AccountID, ProjectID: req.ProjectID,
		EndUser: req.EndUser, Metadata: req.Metadata}}
	payloads, templates := make([]Payload, len(req.Steps)), make([]texts, len(req.Steps))
	for i := range req.Steps {
		var job *models.Job
		if job, payloads[i], templates[i], err = s.newStep(ctx, req, sub.Pipeline.ID, i, g); err != nil {
			return nil, nil, models.AsError(err).At("/steps/" + strconv.Itoa(i))
		}
		sub.Jobs = append(sub.Jobs, job)
	}
	if err := releaseForExports(payloads, templates, g); err != nil {
		return nil, nil, err
	}
	for i, p := range payloads {
		sub.Jobs[i].Input = templates[i].restore(models.ToJSON(p))
	}
	for i, deps := range g.after {
		for _, d := range deps {
			sub.Dependencies = append(sub.Dependencies, models.Dependency{JobID: sub.Jobs[i].ID, DependsOn: sub.Jobs[d].ID, RunIf: g.runIf[i][d]})
		}
	}
	project := req.NewProject
	if project == nil {
		if project, err = s.ownProject(ctx, req.AccountID, req.ProjectID); err != nil {
			return nil, nil, err
		}
	}
	if err := s.checkExports(ctx, project, req.NewProject != nil, payloads, templates, g); err != nil {
		return nil, nil, err
	}
	kinds := make([]models.Kind, len(sub.Jobs))
	for i, j := range sub.Jobs {
		kinds[i] = j.Kind
	}
	sub.Policy = req.Timing.ConcurrencyPolicy
	if sub.Targets, err = s.targets(req.WebhookURL, req.AccountID, sub.Pipeline.ID); err != nil {
		return nil, nil, err
	}
	return &sub, kinds, nil
}

// SubmitPipeline accepts all steps or none. The jobs are returned in the order of the steps.
func (s *Service) SubmitPipeline(ctx context.Context, req PipelineRequest) (*models.Pipeline, []*models.Job, error) {
	sub, kinds, err := s.newPipeline(ctx, req)
	if err != nil {
		return nil, nil, err
	}
	if _, err := s.admit(ctx, req.AccountID, req.EndUser, kinds...); err != nil {
		return nil, nil, err
	}
	effects, err := s.commit(ctx, *sub)
	if err != nil {
		s.spending.add(req.AccountID, req.EndUser, -len(sub.Jobs))
		return nil, nil, err
	}
	s.submitted(ctx, effects, sub.Jobs...)
	return sub.Pipeline, sub.Jobs, nil
}

// CancelPipeline cancels all jobs of a pipeline that have not ended: those that wait immediately, and those that run as soon as their workers
// have stopped them. Cancelling a pipeline that has ended otherwise is a conflict; cancelling twice is not.
func (s *Service) CancelPipeline(ctx context.Context, accountID, id string) error {
	models.ClaimFrom(ctx).Making("pipeline", id)
	effects, err := s.Intake.CancelPipeline(ctx, accountID, id, "cancelled on request")
	if err != nil {
		return err
	}
	s.submitted(ctx, effects)
	return nil
}

// RetryPipeline retries the jobs of a pipeline that failed or were cancelled, and with them those that were cancelled because of them.
func (s *Service) RetryPipeline(ctx context.Context, accountID, id string) error {
	if err := s.Ready(); err != nil {
		return err
	}
	_, rows, err := s.Intake.Pipeline(ctx, accountID, id)
	if err == nil {
		err = s.admitRetry(ctx, accountID, rows...)
	}
	if err != nil {
		return err
	}
	models.ClaimFrom(ctx).Making("pipeline", id)
	effects, err := s.Intake.RetryPipeline(ctx, accountID, id)
	if err != nil {
		return err
	}
	s.submitted(ctx, effects)
	return nil
}

// newStep makes the job of a step, with its input as far as it is known and the references in it.
func (s *Service) newStep(ctx context.Context, req PipelineRequest, pipelineID string, i int, g *graph) (*models.Job, Payload, texts, error) {
	step := req.Steps[i]
	input, refs, err := readTexts(step.Input)
	if err != nil {
		return nil, nil, nil, models.AsError(err).At("/input")
	}
	if err := refs.check(i, req.Steps, g.index, g.before(i)); err != nil {
		return nil, nil, nil, err
	}
	job, payload, err := s.newJob(ctx, JobRequest{AccountID: req.AccountID, ProjectID: req.ProjectID,
		Kind: step.Kind, Priority: step.Priority, Input: input, EndUser: req.EndUser, Timing: req.Timing})
	if err != nil {
		return nil, nil, nil, err
	}
	if step.OnDependencyFailure != "" {
		if !step.OnDependencyFailure.Valid() {
			return nil, nil, nil, models.FieldError("/on_dependency_failure", "the policy is cancel or run")
		}
		job.OnDependencyFailure = step.OnDependencyFailure
	}
	if !refs.refer() { // what only looked like references was text
		job.Resolved, refs = refs != nil, nil
	}
	job.PipelineID, job.Step = pipelineID, g.names[i]
	if len(g.after[i]) > 0 {
		job.State = models.StateBlocked
	}
	return job, payload, refs, nil
}

// graph is the steps of a pipeline by their names, and what each waits for.
type graph struct {
	names []string
	index map[string]int
	after [][]int // the steps that a step names, by their indexes
	runIf []map[int]models.DependencyCondition
}

// before tells of each step whether a step waits for it, directly or through others.
func (g *graph) before(step int) []bool {
	seen := make([]bool, len(g.after))
	var visit func(i int)
	visit = func(i int) {
		for _, d := range g.after[i] {
			if !seen[d] {
				seen[d] = true
				visit(d)
			}
		}
	}
	visit(step)
	return seen
}

// resolveSteps names the steps and turns the names in After into indexes, and refuses unknown names, doubled names and cycles.
func resolveSteps(steps []Step) (*graph, error) {
	index, names := make(map[string]int, len(steps)), make([]string, len(steps))
	ofKind := make(map[models.Kind]int)
	for i, st := range steps {
		name := st.Name
		ofKind[st.Kind]++
		if name == "" {
			name = string(st.Kind)
			if n := ofKind[st.Kind]; n > 1 {
				name += "-" + strconv.Itoa(n)
			}
		}
		if len(name) > 64 {
			return nil, models.FieldError(fmt.Sprintf("/steps/%d/name", i), "a name is at most 64 bytes")
		}
		if _, dup := index[name]; dup {
			return nil, models.FieldError(fmt.Sprintf("/steps/%d/name", i), "two steps are called "+strconv.Quote(name))
		}
		index[name], names[i] = i, name
	}
	after := make([][]int, len(steps))
	for i, st := range steps {
		if st.After == nil {
			if i > 0 {
				after[i] = []int{i - 1}
			}
			continue
		}
		seen := make(map[int]bool)
		for k, name := range *st.After {
			d, ok := index[name]
			if !ok {
				return nil, models.FieldError(fmt.Sprintf("/steps/%d/after/%d", i, k), "no step is called "+strconv.Quote(name))
			}
			if !seen[d] {
				seen[d] = true
				after[i] = append(after[i], d)
			}
		}
	}
	if at, ok := findCycle(after); ok {
		return nil, &models.Error{Code: models.CodePipelineCycle, Message: "the steps wait for one another in a cycle",
			Pointer: fmt.Sprintf("/steps/%d/after", at)}
	}
	g := &graph{names, index, after, make([]map[int]models.DependencyCondition, len(steps))}
	return g, g.resolveConditions(steps)
}

// resolveConditions finds the steps of which conditions are, and refuses those that cannot be met.
func (g *graph) resolveConditions(steps []Step) error {
	for i, st := range steps {
		for _, name := range slices.Sorted(maps.Keys(st.RunIf)) {
			pointer := fmt.Sprintf("/steps/%d/run_if/%s", i, models.Shorten(name, 64))
			d, ok := g.index[name]
			switch c := st.RunIf[name]; {
			case !ok || !slices.Contains(g.after[i], d):
				return models.FieldError(pointer, "the step does not wait for one of this name")
			case !c.Valid():
				return models.FieldError(pointer, "the condition is succeeded, failed, rejected or always")
			case c == models.RunIfRejected && steps[d].Kind != models.KindApproval:
				return models.FieldError(pointer, "only an approval is rejected")
			}
			if g.runIf[i] == nil {
				g.runIf[i] = make(map[int]models.DependencyCondition)
			}
			g.runIf[i][d] = st.RunIf[name]
		}
	}
	return nil
}

// findCycle returns a step on a cycle, by depth-first search.
func findCycle(after [][]int) (int, bool) {
	const unseen, open, done = 0, 1, 2
	mark := make([]int, len(after))
	var visit func(i int) (int, bool)
	visit = func(i int) (int, bool) {
		mark[i] = open
		for _, d := range after[i] {
			if mark[d] == open {
				return i, true
			}
			if mark[d] == unseen {
				if at, ok := visit(d); ok {
					return at, true
				}
			}
		}
		mark[i] = done
		return 0, false
	}
	for i := range after {
		if mark[i] == unseen {
			if at, ok := visit(i); ok {
				return at, true
			}
		}
	}
	return 0, false
}
