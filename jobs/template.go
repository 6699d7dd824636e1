package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// The references of a template are replaced once, when it is submitted, before its steps are checked like any others. What stands for a parameter is
// taken as text: no reference in it is looked at, now or when the step runs.

// Templates finds those that an account may use.
type Templates interface {
	// Template is the account's own of a name, or else the one that every account has; without either it is CodeNotFound.
	Template(ctx context.Context, accountID, name string) (*models.Template, error)
}

// fromTemplate makes the steps of a request that names a template. blame says what of the request is to blame for an error in them.
func (s *Service) fromTemplate(ctx context.Context, req PipelineRequest) (ref models.TemplateRef, steps []Step, blame func(error) error, err error) {
	if len(req.Steps) > 0 {
		return ref, nil, nil, models.FieldError("/template", "a pipeline has either steps or a template")
	}
	t, err := s.Templates.Template(ctx, req.AccountID, req.Template)
	if err != nil {
		if models.CodeOf(err) == models.CodeNotFound {
			err = models.AsError(err).At("/template")
		}
		return ref, nil, nil, err
	}
	values, err := t.Parameters.Fill(req.Params)
	if err != nil {
		return ref, nil, nil, models.AsError(err).At("/params")
	}
	r := rendering{template: t, values: values}
	blame = func(err error) error { return r.blame(err, req.Params) }
	if steps, err = r.steps(); err != nil {
		return ref, nil, nil, blame(err)
	}
	return t.Ref(), steps, blame, nil
}

// rendering replaces the parameters of a template by values, which are checked.
type rendering struct {
	template *models.Template
	values   map[string]json.RawMessage
	// without are fields of inputs to leave out, by their pointers into the template.
	without map[string]bool

	used map[string][]string // the parameters in each field of an input, by its pointer
	left int                 // how much larger the texts of the input may get
}

// steps are those of the template. The error's pointer is into it.
func (r *rendering) steps() ([]Step, error) {
	r.used = make(map[string][]string)
	steps := make([]Step, len(r.template.Steps))
	for i, from := range r.template.Steps {
		input, err := r.input(from.Input, fmt.Sprintf("/steps/%d/input", i))
		if err != nil {
			return nil, err
		}
		steps[i] = Step{Name: from.Name, Kind: from.Kind, Priority: from.Priority, Input: input, After: from.After,
			OnDependencyFailure: from.OnDependencyFailure, RunIf: from.RunIf}
	}
	return steps, nil
}

func (r *rendering) input(raw json.RawMessage, pointer string) ([]byte, error) {
	if !opening.Match(raw) && !bytes.ContainsRune(raw, '\\') { // nothing in it can be a reference, however it is written
		return raw, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil || d.More() {
		return raw, nil //nolint:nilerr // not an object, which the check will say
	}
	r.left = MaxInputBytes
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(models.Shorten(name, 64))
		if r.without[at] {
			delete(fields, name)
			continue
		}
		value, there, err := r.value(fields[name], at, references{steps: true, params: true})
		if err != nil {
			return nil, models.AsError(err).At(at)
		}
		if fields[name] = value; !there {
			delete(fields, name)
		}
	}
	return json.Marshal(fields)
}

// value is one with its references replaced. It is not there if it is a reference to a parameter that has no value. Only the texts of an input itself
// have references to steps, which stay.
func (r *rendering) value(v any, field string, may references) (value any, there bool, err error) {
	switch v := v.(type) {
	case string:
		return r.text(v, field, may)
	case []any:
		for i := range v {
			if v[i], there, err = r.value(v[i], field, references{params: true}); err != nil {
				return nil, false, err
			}
			if !there { // the others keep their places
				v[i] = ""
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) { // in an order, so that the same is to blame each time
			if v[name], there, err = r.value(v[name], field, references{params: true}); err != nil {
				return nil, false, err
			}
			if !there {
				delete(v, name)
			}
		}
	}
	return v, true, nil
}

func (r *rendering) text(text, field string, may references) (value any, there bool, err error) {
	pieces, err := may.parse(text)
	if err != nil {
		return nil, false, err
	}
	var whole []piece // with neighbours joined, since together they may look like a reference
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			whole = append(whole, piece{literal: literal.String()})
			literal.Reset()
		}
	}
	for _, p := range pieces {
		switch {
		case p.step != "":
			flush()
			whole = append(whole, p)
			continue
		case p.param == "":
			literal.WriteString(p.literal)
			continue
		}
		param, known := r.template.Parameters[p.param]
		if !known {
			return nil, false, models.FieldError("", fmt.Sprintf("the template has no parameter %q", p.param))
		}
		r.used[field] = append(r.used[field], p.param)
		given, has := r.values[p.param]
		var as string
		switch {
		case !has && len(pieces) == 1:
			return nil, false, nil
		case !has:
		case param.Type == models.ParameterNumber || param.Type == models.ParameterBoolean:
			if len(pieces) == 1 {
				return given, true, nil
			}
			as = string(bytes.TrimSpace(given))
		default:
			if err := json.Unmarshal(given, &as); err != nil {
				return nil, false, fmt.Errorf("read the parameter %s: %w", p.param, err)
			}
		}
		if r.left -= len(as); r.left < 0 {
			return nil, false, models.NewError(models.CodePayloadTooLarge, "the input of a job is at most 64 KiB")
		}
		literal.WriteString(as)
	}
	flush()
	if !may.steps {
		return join(whole, nil), true, nil
	}
	return format(whole), true, nil
}

// blame points an error in a step at the parameter of a request that it comes from, or else at the template.
func (r *rendering) blame(err error, given map[string]json.RawMessage) error {
	e := models.AsError(err)
	if !strings.HasPrefix(e.Pointer, "/steps/") {
		return err
	}
	from := *e
	from.Pointer, from.Message = "/template", fmt.Sprintf("%s of the template: %s", e.Pointer, e.Message)
	for _, name := range r.used[fieldOfInput(e.Pointer)] {
		if _, ok := given[name]; ok {
			from.Pointer = "/params/" + name
			break
		}
	}
	return &from
}

// fieldOfInput is the pointer of the field of a step's input that a pointer is into.
func fieldOfInput(pointer string) string {
	if parts := strings.SplitN(pointer, "/", 6); len(parts) > 5 {
		return strings.Join(parts[:5], "/")
	}
	return pointer
}
