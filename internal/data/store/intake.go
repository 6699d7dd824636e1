package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// maxBatch bounds how many jobs share a commit; it keeps a statement's parameters within both databases' limits.
const maxBatch = 500

// intake is the group commit of submissions: while one batch commits, the next is collected, so that many callers share one
// flush to disk; a single caller never waits for others.
type intake struct {
	db      *db
	waiting chan *submit
	stop    context.CancelFunc
	stopped chan struct{}
}

type submit struct {
	sub  jobs.Submission
	done chan error
}

func newIntake(d *db) *intake {
	ctx, stop := context.WithCancel(context.Background())
	in := &intake{db: d, waiting: make(chan *submit), stop: stop, stopped: make(chan struct{})}
	go in.run(ctx)
	return in
}

func (in *intake) close() {
	in.stop()
	<-in.stopped
}

// insertWithin limits a commit: callers wait behind it, and a server that neither answers nor breaks the connection must not
// block them for good.
const insertWithin = 30 * time.Second

// run collects a batch whenever the previous one is done.
func (in *intake) run(ctx context.Context) {
	defer close(in.stopped)
	for {
		var batch []*submit
		select {
		case <-ctx.Done():
			return
		case first := <-in.waiting:
			batch = append(batch, first)
		}
		for n := len(batch[0].sub.Jobs); n < maxBatch; {
			select {
			case next := <-in.waiting:
				batch = append(batch, next)
				n += len(next.sub.Jobs)
				continue
			default:
			}
			break
		}
		in.commit(ctx, batch)
	}
}

// commit stores a batch. If a batch of several fails because of one of them, each is committed separately, so that one caller's
// mistake does not fail another's submission.
func (in *intake) commit(ctx context.Context, batch []*submit) {
	err := in.db.insert(ctx, batch)
	if err != nil && len(batch) > 1 && models.CodeOf(err) != models.CodeUnavailable {
		for _, one := range batch {
			one.done <- in.db.insert(ctx, []*submit{one})
		}
		return
	}
	for _, s := range batch {
		s.done <- err
	}
}

// Submit implements jobs.Intake. If a caller gives up waiting, its jobs may be accepted nevertheless.
func (s *Jobs) Submit(ctx context.Context, sub jobs.Submission) error {
	req := &submit{sub: sub, done: make(chan error, 1)}
	select {
	case s.intake.waiting <- req:
	case <-s.intake.stopped:
		return models.NewError(models.CodeUnavailable, "the platform is stopping")
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-req.done:
		return err
	case <-s.intake.stopped:
		return models.NewError(models.CodeUnavailable, "the platform is stopping")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// insert writes a batch in one transaction: pipelines, jobs, dependencies and each job's first event.
func (d *db) insert(ctx context.Context, batch []*submit) error {
	ctx, cancel := context.WithTimeout(ctx, insertWithin)
	defer cancel()
	return d.write(ctx, func(tx *tx) error {
		var all []*models.Job
		var deps []models.Dependency
		for _, b := range batch {
			if p := b.sub.Project; p != nil {
				if err := tx.insertProject(p); err != nil {
					return err
				}
			}
			if p := b.sub.Pipeline; p != nil {
				err := tx.Raw("INSERT INTO pipelines (id, account_id, project_id) VALUES (?, ?, ?) RETURNING created_at",
					p.ID, p.AccountID, p.ProjectID).Scan(&p.CreatedAt).Error
				if err != nil {
					return err
				}
			}
			all = append(all, b.sub.Jobs...)
			deps = append(deps, b.sub.Dependencies...)
		}
		if err := tx.insertJobs(all); err != nil {
			return err
		}
		if len(deps) > 0 {
			if err := tx.Table("job_dependencies").Create(deps).Error; err != nil {
				return err
			}
		}
		return tx.insertFirstEvents(all)
	})
}

func (tx *tx) insertJobs(all []*models.Job) error {
	const columns = "(id, account_id, project_id, pipeline_id, kind, priority, state, input, max_failures, on_dependency_failure, event_seq)"
	sql := newInsert("jobs "+columns, len(all), 11)
	byID := make(map[string]*models.Job, len(all))
	for _, j := range all {
		if err := needAccount(j.AccountID); err != nil {
			return err
		}
		byID[j.ID] = j
		j.EventSeq = 1
		sql.row(j.ID, j.AccountID, j.ProjectID, j.PipelineID, j.Kind, j.Priority, j.State, j.Input, j.MaxFailures, j.OnDependencyFailure, 1)
	}
	var times []models.Job
	if err := tx.Raw(sql.text("RETURNING id, created_at, run_at"), sql.args...).Scan(&times).Error; err != nil {
		return err
	}
	for _, t := range times {
		byID[t.ID].CreatedAt, byID[t.ID].RunAt = t.CreatedAt.UTC(), t.RunAt.UTC()
	}
	return nil
}

func (tx *tx) insertFirstEvents(all []*models.Job) error {
	sql := newInsert("job_events (job_id, seq, type, attempt, data)", len(all), 5)
	for _, j := range all {
		// A new job is blocked or queued, and its first event says which.
		sql.row(j.ID, 1, models.EventType(j.State), 0, stateData(j.State, nil))
	}
	return tx.Exec(sql.text(""), sql.args...).Error
}
