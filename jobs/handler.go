package jobs

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Handler does the work of one kind. Run may be called for several jobs at once, and again for the same job after a
// crash: it leaves its effect in the Result and nowhere else, apart from content-addressed blobs. It returns soon
// after ctx is done, and only when everything that it started has stopped, since its return frees the worker's slot.
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

// Progress tells watchers how far the attempt is: a fraction from 0 to 1 and the stage in a few words. It never blocks;
// between two writes only the newest is kept.
func (a *Attempt) Progress(fraction float64, stage string) {
	if a.progress != nil {
		a.progress.set(fraction, stage)
	}
}

// Log takes lines for the job's log: watchers see them soon, as far as there are not too many, and the last ones are
// stored with the job. Secrets are redacted.
func (a *Attempt) Log(line string) {
	if a.log != nil {
		a.log.add(line)
	}
}

// Redact takes secrets out of a text that is shown with the job otherwise than by its log.
func (a *Attempt) Redact(text string) string {
	if a.redact == nil {
		return text
	}
	return a.redact.Text(text)
}

// Redactor takes secrets out of what attempts say.
type Redactor interface {
	// Text redacts a text that stands alone.
	Text(s string) string
	// Lines begins a log, in which a secret may go on from one line to the next. What it returns redacts the next line.
	Lines() func(line string) string
}
