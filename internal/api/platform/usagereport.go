package platform

import (
	"bufio"
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

const (
	maxReportRows = 5000
	maxCSVRows    = 1_000_000
)

// ReportUsage answers GET /v1/usage/report.
func (a *Area) ReportUsage(ctx context.Context, r openapi.ReportUsageRequestObject) (openapi.ReportUsageResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	q, err := usageQuestion(r.Params, time.Now())
	if err != nil {
		return nil, err
	}
	switch kernel.OrZero(r.Params.Format) {
	case "", "json":
	case "csv":
		q.Most = maxCSVRows + 1
		return &usageCSV{ctx: ctx, head: req.Method == http.MethodHead, usages: a.Usages, account: account, question: q, most: maxCSVRows}, nil
	default:
		return nil, kernel.ParameterError("format", "the format is json or csv")
	}
	q.Most = maxReportRows + 1
	report := openapi.UsageReport{Interval: q.Interval, From: q.From, To: q.To, Data: []openapi.UsageCount{}}
	if err := a.Usages.EachCount(ctx, account, q, func(c *models.UsageCount) error {
		report.Data = append(report.Data, showCount(c, q))
		return nil
	}); err != nil {
		return nil, err
	}
	if len(report.Data) > maxReportRows {
		return nil, kernel.ParameterError("from", "the report has more than 5000 rows: ask for less time or fewer groups, or for csv")
	}
	return openapi.ReportUsage200JSONResponse(report), nil
}

func usageQuestion(p openapi.ReportUsageParams, now time.Time) (q models.UsageQuestion, err error) {
	q.Interval = models.PeriodDay
	if p.Interval != nil {
		if q.Interval = *p.Interval; q.Interval != models.PeriodDay && q.Interval != models.PeriodHour {
			return q, kernel.ParameterError("interval", "the interval is hour or day")
		}
	}
	width, back := 24*time.Hour, 30*24*time.Hour
	if q.Interval == models.PeriodHour {
		width, back = time.Hour, 48*time.Hour
	}
	if p.GroupBy != nil {
		for name := range strings.SplitSeq(*p.GroupBy, ",") {
			d := models.UsageDimension(name)
			if !slices.Contains(dimensions, d) || slices.Contains(q.GroupBy, d) {
				return q, kernel.ParameterError("group_by", "is kind, project_id and end_user, or some of them, with commas between")
			}
			q.GroupBy = append(q.GroupBy, d)
		}
	}
	if q.Kind, err = kernel.FilterKind(p.Kind); err != nil {
		return q, err
	}
	if q.ProjectID, err = kernel.FilterID("project_id", p.ProjectID); err != nil {
		return q, err
	}
	q.EndUser = kernel.OrZero(p.EndUser)
	q.To = q.Interval.Next(q.Interval.Start(now))
	if p.To != nil {
		q.To = p.To.UTC()
	}
	q.From = q.To.Add(-back)
	if p.From != nil {
		q.From = p.From.UTC()
	}
	switch {
	case !q.To.Equal(q.Interval.Start(q.To)):
		return q, kernel.ParameterError("to", "is the beginning of an hour, or of a day if the interval is day, in UTC")
	case !q.From.Equal(q.Interval.Start(q.From)):
		return q, kernel.ParameterError("from", "is the beginning of an hour, or of a day if the interval is day, in UTC")
	case !q.From.Before(q.To):
		return q, kernel.ParameterError("from", "from must be before to")
	case q.To.Sub(q.From) > maxBuckets*width:
		return q, kernel.ParameterError("from", "a report spans at most 1000 hours or days")
	case q.From.Year() < 1 || q.To.Year() > 9999:
		return q, kernel.ParameterError("from", "the years are of four digits")
	}
	return q, nil
}

var dimensions = []models.UsageDimension{models.UsageByKind, models.UsageByProject, models.UsageByEndUser}

// startOf is when the hour or day of a count begins.
func startOf(c *models.UsageCount) time.Time {
	layout := "2006-01-02 15"[:min(len(c.At), len("2006-01-02 15"))]
	t, err := time.Parse(layout, c.At)
	if err != nil {
		panic("platform: the store counts usage of " + c.At)
	}
	return t
}

func showCount(c *models.UsageCount, q models.UsageQuestion) openapi.UsageCount {
	shown := openapi.UsageCount{Start: startOf(c), Jobs: c.Jobs, Failures: c.Failures, TokensIn: c.TokensIn, TokensOut: c.TokensOut,
		BuildSeconds: float64(c.BuildMillis) / 1000, Bytes: c.Bytes}
	for _, d := range q.GroupBy {
		switch d {
		case models.UsageByKind:
			shown.Kind = &c.Kind
		case models.UsageByProject:
			shown.ProjectID = kernel.OrNull(c.ProjectID)
		case models.UsageByEndUser:
			shown.EndUser = kernel.OrNull(c.EndUser)
		}
	}
	return shown
}

// usageCSV is a report as RFC 4180 has it, written while it is read.
type usageCSV struct {
	ctx      context.Context
	head     bool
	usages   Usages
	account  string
	question models.UsageQuestion
	most     int // rows
}

// VisitReportUsageResponse implements openapi.ReportUsageResponseObject.
func (u *usageCSV) VisitReportUsageResponse(w http.ResponseWriter) error {
	buffer := bufio.NewWriterSize(w, 32<<10)
	out := csv.NewWriter(buffer)
	out.UseCRLF = true
	begun := false
	begin := func() {
		if begun {
			return
		}
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
		w.Header().Set("Content-Disposition", `attachment; filename="usage.csv"`)
		w.WriteHeader(http.StatusOK)
		row := []string{"start"}
		for _, d := range u.question.GroupBy {
			row = append(row, string(d))
		}
		_ = out.Write(append(row, "jobs", "failures", "tokens_in", "tokens_out", "build_seconds", "bytes")) // Flush and Error tell
	}
	if u.head {
		begin()
		return nil
	}
	rows := 0
	err := u.usages.EachCount(u.ctx, u.account, u.question, func(c *models.UsageCount) error {
		if rows++; rows > u.most {
			// Nobody shall take a part for the whole: the answer breaks off.
			return kernel.ParameterError("from", "the report has more than a million rows: ask for less time or fewer groups")
		}
		begin()
		row := []string{startOf(c).Format(time.RFC3339)}
		for _, d := range u.question.GroupBy {
			row = append(row, cell(map[models.UsageDimension]string{models.UsageByKind: string(c.Kind), models.UsageByProject: c.ProjectID,
				models.UsageByEndUser: c.EndUser}[d]))
		}
		for _, n := range []int64{c.Jobs, c.Failures, c.TokensIn, c.TokensOut} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		return out.Write(append(row, strconv.FormatFloat(float64(c.BuildMillis)/1000, 'f', 3, 64), strconv.FormatInt(c.Bytes, 10)))
	})
	if err != nil {
		return err
	}
	begin()
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffer.Flush()
}

// cell is a text that no spreadsheet takes for a formula: one that could be is put after an apostrophe, as OWASP advises.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
