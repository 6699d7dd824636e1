package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// maxTries limits how often a template is made with other values to check it, and triedBytes of how many bytes of steps in all.
const (
	maxTries   = 64
	triedBytes = 512 << 10
)

// CheckTemplate refuses a template that cannot work: with the defaults of its parameters or values that they take, and with each value of an enum or
// boolean. What an id stands for is found out when it is submitted. The error's pointer is into the template.
func (s *Service) CheckTemplate(ctx context.Context, t *models.Template) error {
	if err := t.Check(); err != nil {
		return err
	}
	try := trial{service: s, template: t, without: make(map[string]bool), sampled: make(map[string]bool)}
	values := make(map[string]json.RawMessage)
	for name, p := range t.Parameters {
		switch {
		case p.HasDefault():
			values[name] = p.Default
		case p.Required:
			values[name], try.sampled[name] = p.Sample(), p.Type == models.ParameterString
		}
	}
	if err := try.with(ctx, values); err != nil {
		return err
	}
	tries, most := 1, min(maxTries, triedBytes/len(models.ToJSON(t.Steps)))
	for _, name := range slices.Sorted(maps.Keys(t.Parameters)) {
		for _, value := range t.Parameters[name].Choices() {
			if tries++; tries > most {
				return nil
			}
			other := maps.Clone(values)
			other[name] = value
			if err := try.with(ctx, other); err != nil {
				e := *models.AsError(err)
				e.Message += fmt.Sprintf(" (with %s for the parameter %s)", value, name)
				return &e
			}
		}
	}
	return nil
}

// trial checks a template with some values of its parameters.
type trial struct {
	service  *Service
	template *models.Template
	// sampled are parameters with a text that was made up, which a field need not take.
	sampled map[string]bool
	// without are fields of inputs that cannot be checked, by their pointers.
	without map[string]bool
}

func (t *trial) with(ctx context.Context, values map[string]json.RawMessage) error {
	r := rendering{template: t.template, values: values, without: t.without}
	for {
		steps, err := r.steps()
		if err != nil {
			return err
		}
		unknown := false
		for field := range r.used {
			if strings.HasSuffix(field, idSuffix) {
				t.without[field], unknown = true, true
			}
		}
		if unknown {
			continue
		}
		account := models.SystemAccountID // of one that every account has
		if !t.template.BuiltIn() {
			account = t.template.AccountID
		}
		project := &models.Project{ID: models.NewID(), AccountID: account}
		_, _, err = t.service.newSteps(ctx, PipelineRequest{AccountID: account, NewProject: project, Steps: steps})
		if err == nil {
			return nil
		}
		field := fieldOfInput(models.AsError(err).Pointer)
		if used := r.used[field]; len(used) == 0 || slices.ContainsFunc(used, func(name string) bool { return !t.sampled[name] }) {
			return err
		}
		t.without[field] = true
	}
}
