package jobs

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Handler does the work of one kind. Run may be called for several jobs concurrently, and again for the same job after a crash:
// its only effects are the Result and content-addressed blobs. It returns soon after ctx is done, and only when everything that
// it started has stopped, because its return frees the worker's slot.
type Handler interface {
	Run(ctx context.Context, a *Attempt) (*Result, error)
}

// Attempt is one claim of a job, as its handler sees it.
type Attempt struct {
	Job *models.Job

	progress *progressWriter
	log      *attemptLog
	redact   Redactor
}

// Progress reports how far the attempt is: a fraction from 0 to 1 and the stage in a few words. It never blocks; between two
// writes only the newest is kept.
func (a *Attempt) Progress(fraction float64, stage string) {
	if a.progress != nil {
		a.progress.set(fraction, stage)
	}
}

// Log adds lines to the job's log: watchers see them soon, within limits, and the last ones are stored with the job. Secrets are
// redacted.
func (a *Attempt) Log(line string) {
	if a.log != nil {
		a.log.add(line)
	}
}

// Redact removes secrets from a text that is shown with the job outside of its log.
func (a *Attempt) Redact(text string) string {
	if a.redact == nil {
		return text
	}
	return a.redact.Text(text)
}

// Redactor removes secrets from what attempts log or report.
type Redactor interface {
	// Text redacts a text that stands alone.
	Text(s string) string
	// Lines starts a log, in which a secret may continue from one line to the next. The returned function redacts the next line.
	Lines() func(line string) string
}
