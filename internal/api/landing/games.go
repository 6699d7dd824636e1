package landing

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// makeGame makes a project with a game: a generation and a preview of it. Whatever is refused leaves no project behind.
func (s *server) makeGame(w http.ResponseWriter, r *http.Request, id auth.Identity) {
	var body struct {
		Prompt string `json:"prompt"`
		Engine string `json:"engine"`
	}
	if !s.read(w, r, &body) {
		return
	}
	body.Prompt = strings.TrimSpace(body.Prompt)
	if !s.knows(r.Context(), body.Engine) {
		s.refuse(w, models.NewError(models.CodeUnknownEngine, "there is no such engine, or none whose games play in a browser"))
		return
	}
	input := jobs.GenerationInput{Prompt: body.Prompt}
	if err := input.Validate(); err != nil {
		s.refuse(w, err)
		return
	}
	project, err := s.Projects.New(r.Context(), projects.NewProject{AccountID: id.AccountID, Name: nameOf(body.Prompt), Engine: body.Engine})
	if err != nil {
		s.refuse(w, err)
		return
	}
	_, steps, err := s.Submitter.SubmitPipeline(r.Context(), jobs.PipelineRequest{AccountID: id.AccountID, NewProject: project, Steps: []jobs.Step{
		{Kind: models.KindGeneration, Priority: models.PriorityCritical, Input: models.ToJSON(input)},
		{Kind: models.KindBuild, Priority: models.PriorityCritical, Input: models.ToJSON(jobs.BuildInput{Mode: "preview"})},
	}})
	if err != nil {
		s.refuse(w, err)
		return
	}
	writeJSON(w, http.StatusAccepted, map[string]string{"events": Paths + "games/" + steps[0].ID + "/" + steps[1].ID, "project_id": project.ID})
}

// knows reports whether there is an engine of that name whose games play in a browser.
func (s *server) knows(ctx context.Context, engine string) bool {
	for _, e := range s.Engines(ctx) {
		if e.Name == engine && e.Default {
			return slices.Contains(e.Outputs, models.FormatWeb)
		}
	}
	return false
}

// maxName limits a project's name here.
const maxName = 80

func nameOf(prompt string) string {
	name := strings.Join(strings.FieldsFunc(prompt, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(name) > maxName {
		name = string([]rune(name)[:maxName-1]) + "…"
	}
	return name
}

// progress is the progress of a game, as sent to the page.
type progress struct {
	Step     models.Kind  `json:"step"`
	State    models.State `json:"state"`
	Progress float64      `json:"progress"` // of both steps
	Stage    string       `json:"stage"`
}

// game is a finished game.
type game struct {
	PlayURL    string   `json:"play_url"`
	Title      string   `json:"title"`
	Summary    string   `json:"summary"`
	Understood []string `json:"understood"`
	Ignored    []string `json:"ignored"`
}

// watchGame streams the progress of a game, until it can be played or has failed.
func (s *server) watchGame(w http.ResponseWriter, r *http.Request, id auth.Identity) {
	ids := []string{r.PathValue("generation"), r.PathValue("build")}
	if !models.ValidID(ids[0]) || !models.ValidID(ids[1]) {
		s.refuse(w, models.NewError(models.CodeNotFound, "there is no such game"))
		return
	}
	leave, ok := s.Limits.Stream(id.AccountID)
	if !ok {
		s.refuse(w, models.NewError(models.CodeUnavailable, "too many event streams are open: close some, or try again later"))
		return
	}
	defer leave()
	var done game
	stream := &stream{ResponseWriter: w, flush: http.NewResponseController(w)}
	for i, jobID := range ids {
		job, err := s.follow(r.Context(), id.AccountID, jobID, func(j *models.Job) error {
			return stream.send("progress", progress{j.Kind, j.State, (float64(i) + j.Progress) / float64(len(ids)), j.Stage})
		}, stream.beat, func() error { return s.stillSignedIn(r) })
		switch {
		case err != nil && !stream.begun:
			s.refuse(w, err)
			return
		case err != nil:
			return // the reader is gone, or the server stops; EventSource asks again
		case job.State != models.StateSucceeded:
			_ = stream.send("failed", map[string]string{"code": string(job.ErrorCode), "detail": reason(job)})
			return
		}
		_ = json.Unmarshal(job.Output, &done) // of both: they share no field
	}
	_ = stream.send("done", done)
}

func reason(j *models.Job) string {
	if j.ErrorMessage == "" {
		return fmt.Sprintf("the %s was %s", j.Kind, j.State)
	}
	return j.ErrorMessage
}

// heldEvery is how often a stream asks whether who opened it is still signed in.
const heldEvery = time.Second

// stillSignedIn is an error when a request's session or its key has ended, as far as can be told.
func (s *server) stillSignedIn(r *http.Request) error {
	if _, err := s.identity(r); models.CodeOf(err) == models.CodeUnauthorized {
		return err
	}
	return nil
}

// follow reports each change of a job until it has ended, as long as held has no error.
func (s *server) follow(ctx context.Context, account, id string, tell func(*models.Job) error, beat, held func() error) (*models.Job, error) {
	changed, stop := s.Watcher.Watch(id)
	defer stop()
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	check := time.NewTicker(heldEvery)
	defer check.Stop()
	for {
		job, err := s.Jobs.Job(ctx, account, id)
		if err == nil {
			err = tell(job)
		}
		if err != nil || job.State.Terminal() {
			return job, err
		}
		for again := false; !again && err == nil; {
			select {
			case <-changed:
				again = true
			case <-check.C:
				err = held()
			case <-tick.C:
				again, err = true, beat()
			case <-ctx.Done():
				err = ctx.Err()
			case <-s.Stopping:
				err = context.Canceled
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

// stream writes server-sent events.
type stream struct {
	http.ResponseWriter
	flush *http.ResponseController
	begun bool
	last  string
}

func (s *stream) send(event string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("event: %s\ndata: %s\n\n", event, raw)
	if text == s.last {
		return nil
	}
	s.last = text
	return s.write(text)
}

func (s *stream) beat() error { return s.write(": still there\n\n") }

func (s *stream) write(text string) error {
	if !s.begun {
		s.begun = true
		s.Header().Set("Content-Type", "text/event-stream")
		s.Header().Set("X-Accel-Buffering", "no")
		text = "retry: 1000\n\n" + text
	}
	if _, err := s.Write([]byte(text)); err != nil {
		return err
	}
	return s.flush.Flush()
}
