// Package console is the API's area of pages for the platform's administrators: the jobs of all accounts by state and error. The
// queues page cannot show these, because to the transport every task of Spark succeeds.
//
// The pages are plain HTML without scripts, rendered on the server.
package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// Area serves the pages. All are required.
type Area struct {
	Kernel *kernel.Kernel
	Jobs   Jobs
	Events Events
}

// Jobs reads the jobs of all accounts, newest first.
type Jobs interface {
	ListJobs(ctx context.Context, f models.PlatformJobFilter, p models.Page) ([]models.Job, error)
	Job(ctx context.Context, id string) (*models.Job, error)
	// Worker is the worker that runs a job; "" if none does.
	Worker(ctx context.Context, jobID string) (string, error)
}

// Events reads a job's history, oldest first.
type Events interface {
	Events(ctx context.Context, accountID, jobID string, after int64, limit int) ([]models.Event, error)
}

// Path is where the list of jobs is served.
const Path = "/admin/jobs"

const (
	pageSize  = 50
	maxEvents = 500
)

// Register adds the routes.
func (a *Area) Register(routes *kernel.Routes) {
	routes.GET(Path, a.list)
	routes.GET(Path+"/:id", a.job)
}

//go:embed pages
var files embed.FS

var (
	style = mustRead("pages/style.css")
	pages = template.Must(template.New("").Funcs(template.FuncMap{
		"style": func() template.CSS { return template.CSS(style) }, //nolint:gosec // it is embedded, not user input
		"time":  func(t time.Time) string { return t.UTC().Format(time.DateTime) },
		"date":  func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
		"clock": func(t time.Time) string { return t.UTC().Format(time.TimeOnly) },
		"json":  indent,
		"took":  took,
	}).ParseFS(files, "pages/*.html"))
	// policy allows only the embedded style sheet, by its digest, and a form that leads back to the page.
	policy = "default-src 'none'; style-src '" + digest(style) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

func mustRead(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic("console: " + err.Error()) // it is part of the program
	}
	return string(text)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// indent makes JSON readable.
func indent(raw models.JSON) string {
	var out bytes.Buffer
	if len(raw) == 0 || json.Indent(&out, raw, "", "  ") != nil {
		return string(raw)
	}
	return out.String()
}

// took is how long the newest attempt ran, "" while it has not ended.
func took(j *models.Job) string {
	if j.StartedAt == nil || j.FinishedAt == nil {
		return ""
	}
	return j.FinishedAt.Sub(*j.StartedAt).Round(time.Millisecond).String()
}

// list answers GET /admin/jobs.
func (a *Area) list(c *gin.Context) {
	f := models.PlatformJobFilter{State: models.State(c.Query("state")), Kind: models.Kind(c.Query("kind")),
		Code: models.Code(c.Query("code")), AccountID: c.Query("account")}
	before := c.Query("before")
	for name, value := range map[string]string{"account": f.AccountID, "before": before} {
		if value != "" && !models.ValidID(value) {
			a.Kernel.Fail(c, kernel.ParameterError(name, "is not an id"))
			return
		}
	}
	rows, err := a.Jobs.ListJobs(c.Request.Context(), f, models.Page{Limit: pageSize + 1, Before: before})
	if err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	older := ""
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		q := c.Request.URL.Query()
		q.Set("before", rows[pageSize-1].ID)
		older = Path + "?" + q.Encode()
	}
	jobs := make([]*models.Job, len(rows))
	for i := range rows {
		jobs[i] = &rows[i]
	}
	a.render(c, "jobs.html", map[string]any{"Filter": f, "States": models.States(), "Kinds": models.Kinds(), "Jobs": jobs, "Older": older})
}

// job answers GET /admin/jobs/{id}.
func (a *Area) job(c *gin.Context) {
	job, err := a.Jobs.Job(c.Request.Context(), c.Param("id"))
	if err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	events, err := a.Events.Events(c.Request.Context(), job.AccountID, job.ID, max(job.EventSeq-maxEvents, 0), maxEvents)
	if err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	worker, err := a.Jobs.Worker(c.Request.Context(), job.ID)
	if err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	a.render(c, "job.html", map[string]any{"Job": job, "Events": events, "Worker": worker})
}

func (a *Area) render(c *gin.Context, page string, data any) {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, page, data); err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Frame-Options", "DENY")
	c.Data(http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}
