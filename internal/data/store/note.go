package store

import (
	"context"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// note is something that a running attempt reports.
type note struct {
	fence    models.Fence
	event    models.EventType
	data     models.JSON
	progress *progress // nil leaves it

	kept bool // the fence held
}

type progress struct {
	fraction float64
	stage    string
}

// Progress implements jobs.Ledger.
func (s *Ledger) Progress(ctx context.Context, f models.Fence, fraction float64, stage string) error {
	stage = cleanText(stage)
	return s.report(ctx, &note{fence: f, event: models.EventProgress, progress: &progress{fraction, stage},
		data: models.ToJSON(map[string]any{"progress": fraction, "stage": stage})})
}

// Log implements jobs.Ledger.
func (s *Ledger) Log(ctx context.Context, f models.Fence, lines []string) error {
	clean := make([]string, len(lines))
	for i, line := range lines {
		clean[i] = cleanText(line)
	}
	return s.report(ctx, &note{fence: f, event: models.EventLog, data: models.ToJSON(map[string]any{"lines": clean})})
}

func (s *Ledger) report(ctx context.Context, n *note) error {
	err := s.notes.do(ctx, n)
	if err == nil && !n.kept { // its job may have been locked
		err = s.note(ctx, []*note{n}, locking{wait: true})
	}
	if err == nil && !n.kept {
		err = jobs.ErrStale
	}
	return err
}

// note stores the notes of a batch.
func (d *db) note(ctx context.Context, batch []*note, lock locking) error {
	recs := newChanges("fence integer", "fraction float8", "new_stage text")
	for _, n := range batch {
		var fraction, stage any
		if n.progress != nil {
			fraction, stage = n.progress.fraction, n.progress.stage
		}
		recs.add(n.fence.JobID, n.event, n.data, n.fence.Attempt, fraction, stage)
	}
	return d.statement(ctx, func(tx *tx) error {
		changed, err := tx.changeEach(change{
			from: models.StateRunning,
			set:  "progress = COALESCE(r.fraction, jobs.progress), stage = COALESCE(r.new_stage, jobs.stage)", where: "jobs.attempt = r.fence",
			queue: queueChange{where: holds}, lock: lock,
		}, recs)
		if err != nil {
			return err
		}
		kept := make(map[string]bool, len(changed))
		for _, job := range changed {
			kept[job.ID] = true
		}
		for _, n := range batch {
			n.kept = kept[n.fence.JobID]
		}
		return nil
	})
}
