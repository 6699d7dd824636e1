// Package landing is the small page at the platform's own address: what runs, a prompt that makes a game and plays it, and where to
// read on. It stands in for the studio.
//
// A browser signs in with a link that works once. The API's keys never reach the page: its requests go to this package's own few
// paths under /landing, with a cookie that scripts cannot read and that no other path gets. What they may do is what is here,
// within the account of the key that the link was made for: make a game, watch it, and see which engines there are.
package landing

import (
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Projects makes projects.
type Projects interface {
	Create(ctx context.Context, n projects.NewProject) (*models.Project, error)
}

// Submitter takes jobs.
type Submitter interface {
	SubmitPipeline(ctx context.Context, r jobs.PipelineRequest) (*models.Pipeline, []*models.Job, error)
}

// Jobs finds jobs of an account.
type Jobs interface {
	Job(ctx context.Context, accountID, id string) (*models.Job, error)
}

// Watcher tells when a job has changed, or may have.
type Watcher interface {
	Watch(jobID string) (changed <-chan struct{}, stop func())
}

// Keys know whose an API key is.
type Keys interface {
	Authenticate(ctx context.Context, plain string) (auth.Identity, error)
}

// Holders know whose an API key is by its id, as long as it is not revoked.
type Holders interface {
	Holder(ctx context.Context, keyID string) (auth.Identity, error)
}

// Options are what the page is made of.
type Options struct {
	Projects  Projects
	Submitter Submitter
	Jobs      Jobs
	Watcher   Watcher
	Keys      Keys
	Holders   Holders
	Sessions  *Sessions // nil has nobody sign in

	Engines func(ctx context.Context) []models.EngineStatus
	// Isolation returns how builds are isolated.
	Isolation func(ctx context.Context) models.BuildIsolation
	Log       *zap.Logger

	Version string
	KeyFile string // where the owner of the platform finds the API key
	// Loopback tells that the platform listens for this machine alone. Names that lead here all the same, as they do when
	// another site's DNS is made to, are refused.
	Loopback bool
	// Stopping ends when the server begins to stop: streams end.
	Stopping <-chan struct{}
}

//go:embed page
var page embed.FS

// server answers for the page.
type server struct{ Options }

// Paths begins every path but "/" that the page has.
const Paths = "/landing/"

// New makes the page's handler, for "/" and everything under Paths.
func New(o Options) http.Handler {
	s := &server{o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", file("page/index.html", "text/html; charset=utf-8"))
	mux.HandleFunc("GET "+Paths+"landing.css", file("page/landing.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET "+Paths+"landing.js", file("page/landing.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET "+Paths+"icon.svg", file("page/icon.svg", "image/svg+xml"))
	mux.HandleFunc("POST "+Paths+"links", s.makeLink)
	mux.Handle("POST "+Paths+"session", s.fromPage(s.signIn))
	mux.Handle("DELETE "+Paths+"session", s.fromPage(s.signOut))
	mux.Handle("GET "+Paths+"status", s.fromPage(s.status))
	mux.Handle("POST "+Paths+"games", s.fromPage(s.signedIn(s.makeGame)))
	mux.Handle("GET "+Paths+"games/{generation}/{build}", s.fromPage(s.signedIn(s.watchGame)))
	return s.guard(mux)
}

func file(name, mediaType string) http.HandlerFunc {
	data, err := page.ReadFile(name)
	if err != nil {
		panic("landing: " + err.Error()) // it is part of the program
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		_, _ = w.Write(data)
	}
}

// status tells the page what runs, and a browser that is not signed in whether it could be.
func (s *server) status(w http.ResponseWriter, r *http.Request) {
	_, err := s.identity(r)
	if models.CodeOf(err) == models.CodeUnauthorized {
		writeJSON(w, http.StatusOK, map[string]bool{"signed_in": false, "may_sign_in": s.Sessions != nil})
		return
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	type engine struct {
		Name      string `json:"name"`
		Title     string `json:"title"`
		Version   string `json:"version"`
		Plays     bool   `json:"plays"` // in a browser
		Available bool   `json:"available"`
		Reason    string `json:"reason,omitempty"`
	}
	answer := struct {
		SignedIn bool `json:"signed_in"`

		Version   string   `json:"version"`
		KeyFile   string   `json:"key_file"`
		Isolation string   `json:"isolation"` // the weakest of all engines', as /readyz has it; "" when no worker builds
		Engines   []engine `json:"engines"`
	}{SignedIn: true, Version: s.Version, KeyFile: s.KeyFile, Isolation: s.Isolation(r.Context()).Least, Engines: []engine{}}
	for _, e := range s.Engines(r.Context()) {
		if e.Default {
			answer.Engines = append(answer.Engines, engine{Name: e.Name, Title: e.Title, Version: e.Version, Available: e.Available,
				Reason: e.Reason, Plays: slices.Contains(e.Outputs, models.FormatWeb)})
		}
	}
	writeJSON(w, http.StatusOK, answer)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// refuse answers with what may be shown of an error. The page shows the message.
func (s *server) refuse(w http.ResponseWriter, err error) {
	e := models.AsError(err)
	status := http.StatusBadRequest
	switch e.Code {
	case models.CodeUnauthorized:
		status = http.StatusUnauthorized
	case models.CodeForbidden:
		status = http.StatusForbidden
	case models.CodeNotFound:
		status = http.StatusNotFound
	case models.CodeUnavailable:
		status = http.StatusServiceUnavailable
	case models.CodeInternal:
		status = http.StatusInternalServerError
		s.Log.Error("the page's request failed", zap.Error(err))
	}
	writeJSON(w, status, map[string]string{"code": string(e.Code), "detail": e.Message})
}

// heartbeat is the longest silence of a stream.
const heartbeat = 15 * time.Second
