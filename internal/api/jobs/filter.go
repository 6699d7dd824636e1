package jobs

import (
	"context"
	"strings"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// maxPairs limits how much of the metadata a filter is about.
const maxPairs = 5

// ListJobs answers GET /v1/jobs.
func (a *Area) ListJobs(ctx context.Context, r openapi.ListJobsRequestObject) (openapi.ListJobsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	q := r.Params
	pairs, err := readPairs(kernel.OrZero(q.Metadata))
	if err != nil {
		return nil, err
	}
	f, err := readFilter(&openapi.JobFilter{State: q.State, Kind: q.Kind, ProjectID: q.ProjectID, PipelineID: q.PipelineID, EndUser: q.EndUser,
		ErrorCode: q.ErrorCode, CreatedFrom: q.CreatedFrom, CreatedTo: q.CreatedTo, RunAtFrom: q.RunAtFrom, RunAtTo: q.RunAtTo,
		ExpiresAtFrom: q.ExpiresAtFrom, ExpiresAtTo: q.ExpiresAtTo, ConcurrencyKey: q.ConcurrencyKey, Submitter: q.Submitter, Metadata: pairs})
	if err != nil {
		return nil, err
	}
	rows, reached, err := a.Jobs.FindJobs(ctx, account, f, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.PaginateTo(rows, p, reached, func(j *models.Job) string { return j.ID }, showJob)
	return openapi.ListJobs200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// readFilter reads which jobs a caller means. Errors are about parameters.
func readFilter(q *openapi.JobFilter) (f models.JobFilter, err error) {
	if q.State != nil {
		if f.State = *q.State; !f.State.Valid() {
			return f, kernel.ParameterError("state", "the state is blocked, queued, running, succeeded, failed or cancelled")
		}
	}
	if f.Kind, err = kernel.FilterKind(q.Kind); err != nil {
		return f, err
	}
	for name, one := range map[string]struct {
		to *string
		id *string
	}{
		"project_id": {&f.ProjectID, q.ProjectID}, "pipeline_id": {&f.PipelineID, q.PipelineID}, "submitter": {&f.Submitter, q.Submitter},
	} {
		if *one.to, err = kernel.FilterID(name, one.id); err != nil {
			return f, err
		}
	}
	f.EndUser, f.ConcurrencyKey = kernel.OrZero(q.EndUser), kernel.OrZero(q.ConcurrencyKey)
	f.Code, f.From, f.To = kernel.OrZero(q.ErrorCode), kernel.OrZero(q.CreatedFrom), kernel.OrZero(q.CreatedTo)
	f.RunFrom, f.RunTo = kernel.OrZero(q.RunAtFrom), kernel.OrZero(q.RunAtTo)
	f.ExpiresFrom, f.ExpiresTo = kernel.OrZero(q.ExpiresAtFrom), kernel.OrZero(q.ExpiresAtTo)
	if f.Metadata = kernel.OrZero(q.Metadata); len(f.Metadata) == 0 {
		f.Metadata = nil // an empty one does not narrow
	}
	for key, value := range f.Metadata {
		if strings.ContainsRune(key+value, 0) {
			return f, kernel.ParameterError("metadata", "no metadata with NUL can be looked for")
		}
	}
	return f, nil
}

// backwards finds a range of times in a filter that ends before it begins, and names its end; "" if there is none.
func backwards(f *models.JobFilter) (from, to string) {
	for _, r := range []struct {
		name     string
		from, to time.Time
	}{{"created", f.From, f.To}, {"run_at", f.RunFrom, f.RunTo}, {"expires_at", f.ExpiresFrom, f.ExpiresTo}} {
		if !r.from.IsZero() && !r.to.IsZero() && !r.from.Before(r.to) {
			return r.name + "_from", r.name + "_to"
		}
	}
	return "", ""
}

// readPairs reads KEY:VALUE,KEY:VALUE, in which a backslash takes the meaning from what follows.
func readPairs(text string) (*map[string]string, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // it is optional
	}
	pairs := make(map[string]string)
	var key, part strings.Builder
	colon := false
	end := func() error {
		if !colon || key.Len() == 0 {
			return kernel.ParameterError("metadata", "it is KEY:VALUE, of several with a comma between")
		}
		if _, twice := pairs[key.String()]; twice || len(pairs) == maxPairs {
			return kernel.ParameterError("metadata", "it has at most five keys, each once")
		}
		pairs[key.String()] = part.String()
		key.Reset()
		part.Reset()
		colon = false
		return nil
	}
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			part.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ':' && !colon:
			key, part = part, strings.Builder{}
			colon = true
		case r == ',':
			if err := end(); err != nil {
				return nil, err
			}
		default:
			part.WriteRune(r)
		}
	}
	if escaped {
		return nil, kernel.ParameterError("metadata", "nothing stands after a backslash")
	}
	if err := end(); err != nil {
		return nil, err
	}
	return &pairs, nil
}
