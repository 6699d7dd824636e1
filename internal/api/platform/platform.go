package platform

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// ListEngines answers GET /v1/engines.
func (a *Area) ListEngines(ctx context.Context, _ openapi.ListEnginesRequestObject) (openapi.ListEnginesResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	data := []openapi.Engine{}
	for _, e := range a.Engines(ctx) {
		data = append(data, showEngine(&e))
	}
	return openapi.ListEngines200JSONResponse{Data: data}, nil
}

// maxBuckets limits the time that a usage report spans.
const maxBuckets = 1000

// GetUsage answers GET /v1/usage.
func (a *Area) GetUsage(ctx context.Context, r openapi.GetUsageRequestObject) (openapi.GetUsageResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	f, err := usageFilter(r.Params, time.Now())
	if err != nil {
		return nil, err
	}
	rows, err := a.Usages.Usage(ctx, account, f)
	if err != nil {
		return nil, err
	}
	data := make([]openapi.Usage, len(rows))
	for i := range rows {
		data[i] = showUsage(&rows[i])
	}
	return openapi.GetUsage200JSONResponse{Data: data}, nil
}

func usageFilter(p openapi.GetUsageParams, now time.Time) (models.UsageFilter, error) {
	f := models.UsageFilter{Period: models.PeriodDay}
	if p.Period != nil {
		if f.Period = *p.Period; f.Period != models.PeriodDay && f.Period != models.PeriodHour {
			return f, kernel.ParameterError("period", "the period is hour or day")
		}
	}
	if p.EndUser != nil && *p.EndUser != "" {
		if f.EndUser = *p.EndUser; f.Period != models.PeriodDay {
			return f, kernel.ParameterError("period", "the usage of an end user is by day")
		}
	}
	width, back := 24*time.Hour, 30*24*time.Hour
	if f.Period == models.PeriodHour {
		width, back = time.Hour, 48*time.Hour
	}
	var err error
	if f.Kind, err = kernel.FilterKind(p.Kind); err != nil {
		return f, err
	}
	f.To = f.Period.Next(f.Period.Start(now))
	if p.To != nil {
		f.To = p.To.UTC()
	}
	f.From = f.To.Add(-back)
	if p.From != nil {
		f.From = p.From.UTC()
	}
	switch {
	case !f.From.Before(f.To):
		return f, kernel.ParameterError("from", "from must be before to")
	case f.To.Sub(f.From) > maxBuckets*width:
		return f, kernel.ParameterError("from", "a report spans at most 1000 buckets")
	}
	return f, nil
}
