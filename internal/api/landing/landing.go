// Package landing is the small page at the platform's own address: what is running, a prompt that makes a game and plays it, and
// links. It is there until there is a studio.
//
// A browser signs in with a one-time link. The API's keys never reach the page: its requests go to a few paths of this package
// under /landing, with a cookie that scripts cannot read and that is sent to no other path. They may only do what is here,
// within the account of the key that the link was made for: make a game, watch it, and list the engines.
package landing

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Projects checks new projects.
type Projects interface {
	New(ctx context.Context, n projects.NewProject) (*models.Project, error)
}

// Submitter takes jobs, with the project that they are of.
type Submitter interface {
	SubmitPipeline(ctx context.Context, r jobs.PipelineRequest) (*models.Pipeline, []*models.Job, error)
}

// Jobs finds jobs of an account.
type Jobs interface {
	Job(ctx context.Context, accountID, id string) (*models.Job, error)
}

// Watcher notifies when a job has changed, or may have.
type Watcher interface {
	Watch(jobID string) (changed <-chan struct{}, stop func())
}

// Keys authenticates an API key.
type Keys interface {
	Authenticate(ctx context.Context, plain string) (auth.Identity, error)
}

// Holders returns the owner of an API key by its id, as long as the key is not revoked.
type Holders interface {
	Holder(ctx context.Context, keyID string) (auth.Identity, error)
}

// Limits are how much browsers and programs may ask.
type Limits interface {
	// Take counts a request that counts as n, of the owner of a key, and refuses one that is too many: models.CodeRateLimited.
	Take(ctx context.Context, id auth.Identity, n int) error
	// Refused counts a request without a valid credential against its address, and refuses one that is too many.
	Refused(r *http.Request) error
	// Stream counts an event stream of an account. It is not ok when too many are open; leave must be called at its end.
	Stream(account string) (leave func(), ok bool)
}

// Options configure the page.
type Options struct {
	Projects  Projects
	Submitter Submitter
	Jobs      Jobs
	Watcher   Watcher
	Keys      Keys
	Holders   Holders
	Sessions  *Sessions // nil if nobody can sign in

	Engines func(ctx context.Context) []models.EngineStatus
	// Isolation returns how builds are isolated, from memory.
	Isolation func() models.BuildIsolation
	Log       *zap.Logger
	Limits    Limits

	Version string
	KeyFile string // where the owner of the platform finds the API key
	// Loopback tells that the platform listens for this machine alone. Names that lead here all the same, as they do when
	// another site's DNS is made to, are refused, but for that of PublicURL.
	Loopback bool
	// PublicURL is the address that browsers use when it is not the one that the platform listens on, as behind a proxy; nil if none
	// is set.
	PublicURL *url.URL
	// HTTPS reports whether a request's browser is encrypted, as far as this server or a proxy that it trusts knows.
	HTTPS func(r *http.Request) bool
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

// status reports what is running and, to a browser that is not signed in, whether it could be.
func (s *server) status(w http.ResponseWriter, r *http.Request) {
	id, err := s.identity(r)
	if err == nil {
		err = s.Limits.Take(r.Context(), id, 1)
	}
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
	}{SignedIn: true, Version: s.Version, KeyFile: s.KeyFile, Isolation: s.Isolation().Least, Engines: []engine{}}
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

// refuse answers with the safe part of an error. The page shows the message.
func (s *server) refuse(w http.ResponseWriter, err error) {
	e := models.AsError(err)
	var late interface{ RetryAfter() time.Duration }
	switch {
	case errors.As(err, &late):
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(late.RetryAfter().Seconds()))))
	case e.Code == models.CodeUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	status := http.StatusBadRequest
	switch e.Code {
	case models.CodeUnauthorized:
		status = http.StatusUnauthorized
	case models.CodeForbidden, models.CodeAccountSuspended:
		status = http.StatusForbidden
	case models.CodeConflict:
		status = http.StatusConflict
	case models.CodeQuotaExceeded, models.CodeBacklogFull, models.CodeRateLimited:
		status = http.StatusTooManyRequests
	case models.CodeNotFound, models.CodePruned:
		status = http.StatusNotFound
	case models.CodeUnavailable:
		status = http.StatusServiceUnavailable
	case models.CodeInternal:
		status = http.StatusInternalServerError
		s.Log.Error("the page's request failed", zap.Error(err))
	}
	writeJSON(w, status, map[string]string{"code": string(e.Code), "detail": e.Message})
}

// retryAfter is when to ask again while something is down, in seconds.
const retryAfter = "5"

// heartbeat is the longest silence of a stream.
const heartbeat = 15 * time.Second
