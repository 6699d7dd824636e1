package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Stream is all events of all accounts in one order, in which each has a position. Whoever writes events notes them in the outbox
// (noteEvents); Sequence, which one process at a time does, gives those that are committed their positions. So whoever has read up to
// a position has read everything up to there: nothing appears behind it later. See docs/decisions/0025-stream-positions.md.
type Stream struct {
	*db     // of readers
	hot *db // of what moves jobs
}

// told notes the events of a statement's "noted" in the outbox.
const told = `told AS (INSERT INTO event_outbox (events) SELECT json_agg(json_build_array(job_id, seq)) FROM noted HAVING count(*) > 0)`

// noteEvents is told for events that were written by another statement of the transaction.
func (tx *tx) noteEvents(events *records) error {
	pairs := make([][2]any, len(events.rows))
	for i, row := range events.rows {
		pairs[i] = [2]any{row[0], row[1]}
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO event_outbox (events) VALUES (?)", models.JSON(text)).Error
}

// sequenced is what becomes of a look at the outbox: whose events got positions, and how many notes were taken.
type sequenced struct {
	AccountID, ProjectID, PipelineID string

	Events int
	Notes  int
}

// Sequence gives positions to the events of up to so many notes of the outbox, the oldest first, unless another process is at it. It
// returns how many events they were, the ids of the accounts, projects and pipelines in whose streams they are, and whether there may be more.
func (s *Stream) Sequence(ctx context.Context, most int) (streams []string, events int, more bool, err error) {
	var found []sequenced
	err = s.hot.statement(ctx, func(tx *tx) (err error) {
		found, err = tx.sequence(most)
		return err
	})
	notes, told := 0, map[string]bool{"": true}
	for _, f := range found {
		notes = f.Notes
		if f.Events == 0 {
			continue
		}
		events += f.Events
		for _, id := range []string{f.AccountID, f.ProjectID, f.PipelineID} {
			if !told[id] {
				told[id] = true
				streams = append(streams, id)
			}
		}
	}
	return streams, events, notes == most, err
}

func (tx *tx) sequence(most int) (found []sequenced, err error) {
	if tx.dialect.writesInQueries() {
		return found, tx.Raw(tx.sequenceNotes(), most, most).Scan(&found).Error
	}
	var notes []struct{ ID int64 }
	if err := tx.Raw("SELECT id FROM event_outbox ORDER BY id LIMIT ?", most).Scan(&notes).Error; err != nil {
		return nil, err
	}
	if found, err = tx.sequenceOfAccounts(); err != nil || len(notes) == 0 {
		return found, err
	}
	last := notes[len(notes)-1].ID
	var before int64
	if err := tx.Raw(newestPosition).Scan(&before).Error; err != nil {
		return nil, err
	}
	var positions []models.StreamEvent
	err = tx.Raw(`INSERT INTO event_stream (position, account_id, project_id, pipeline_id, job_id, seq, at)
		SELECT (`+newestPosition+`) + row_number() OVER (ORDER BY o.id, e.key),
			j.account_id, j.project_id, j.pipeline_id, j.id, e.value ->> 1, `+tx.dialect.now()+`
		FROM event_outbox o, json_each(o.events) e JOIN jobs j ON j.id = e.value ->> 0 WHERE o.id <= ?
		RETURNING account_id, project_id, pipeline_id`, last).Scan(&positions).Error
	if err != nil {
		return nil, err
	}
	if err := tx.Exec(countSpent(tx.dialect, "(SELECT * FROM event_stream WHERE position > ?)"), before).Error; err != nil {
		return nil, err
	}
	if err := tx.Exec(tally(tx.dialect, "(SELECT * FROM event_stream WHERE position > ?)"), before).Error; err != nil {
		return nil, err
	}
	of := make(map[sequenced]int)
	for _, p := range positions {
		of[sequenced{AccountID: p.AccountID, ProjectID: p.ProjectID, PipelineID: p.PipelineID}]++
	}
	found = append(found, sequenced{Notes: len(notes)})
	for f, n := range of {
		f.Events, f.Notes = n, len(notes)
		found = append(found, f)
	}
	return found, tx.Exec("DELETE FROM event_outbox WHERE id <= ?", last).Error
}

// sequenceOfAccounts gives positions to what has happened to accounts.
func (tx *tx) sequenceOfAccounts() (found []sequenced, err error) {
	err = tx.Raw("SELECT account_id, project_id, count(*) AS events FROM account_events WHERE pending GROUP BY account_id, project_id").Scan(&found).Error
	if err != nil || len(found) == 0 {
		return nil, err
	}
	err = tx.Exec(`INSERT INTO event_stream (position, account_id, project_id, pipeline_id, job_id, seq, at)
		SELECT (` + newestPosition + `) + row_number() OVER (ORDER BY id), account_id, project_id, '', id, 0, ` + tx.dialect.now() + `
		FROM account_events WHERE pending`).Error
	if err != nil {
		return nil, err
	}
	return found, tx.Exec("UPDATE account_events SET pending = false WHERE pending").Error
}

// sequenceNotes does it in one statement, which the server ends whatever becomes of its client. The lock comes before what is taken and
// before the first position, so positions are given by one transaction after the other. An event that is visible to the statement was
// committed before, and so were the earlier ones of its job.
func (tx *tx) sequenceNotes() string {
	return `WITH turn AS MATERIALIZED (SELECT id FROM event_bounds WHERE id = 1 FOR NO KEY UPDATE SKIP LOCKED),
	oldest AS MATERIALIZED (SELECT o.id FROM event_outbox o WHERE EXISTS (SELECT FROM turn) ORDER BY o.id LIMIT ?),
	pending AS MATERIALIZED (SELECT id FROM account_events WHERE pending AND EXISTS (SELECT FROM turn) ORDER BY id LIMIT ?),
	happened AS (UPDATE account_events e SET pending = false FROM pending WHERE e.id = pending.id AND e.pending RETURNING e.id, e.account_id, e.project_id),
	taken AS (DELETE FROM event_outbox o USING oldest WHERE o.id = oldest.id RETURNING o.id, o.events),
	given AS (INSERT INTO event_stream (account_id, project_id, pipeline_id, job_id, seq, at)
		SELECT * FROM (SELECT j.account_id, j.project_id, j.pipeline_id, j.id, CAST(e.pair ->> 1 AS bigint), statement_timestamp()
			FROM taken, json_array_elements(taken.events) WITH ORDINALITY e(pair, n), jobs j WHERE j.id = e.pair ->> 0
			ORDER BY taken.id, e.n) AS ofjobs
		UNION ALL SELECT account_id, project_id, '', id, 0, statement_timestamp() FROM happened
		RETURNING account_id, project_id, pipeline_id, job_id, seq),
	counted AS (` + countSpent(tx.dialect, "given") + `),
	tallied AS (` + tally(tx.dialect, "given") + `)
	SELECT account_id, project_id, pipeline_id, count(*) AS events, (SELECT count(*) FROM taken) AS notes
		FROM given GROUP BY account_id, project_id, pipeline_id
	UNION ALL SELECT '', '', '', 0, count(*) FROM taken`
}

// newestPosition is the position given last.
const newestPosition = `SELECT coalesce((SELECT max(position) FROM event_stream), (SELECT forgotten FROM event_bounds))`

// Position is the position of the newest event. All events up to there can be read.
func (s *Stream) Position(ctx context.Context) (last int64, err error) {
	return last, s.wrap(s.read(ctx).Raw(newestPosition).Scan(&last).Error)
}

// After lists the account's events after a position, oldest first: of a project, of a pipeline of it, or of all for none. Position 0 is that of the oldest
// event that is kept. If some of what came after the position is not kept any longer, or the platform has never given it, that is
// CodeCursorExpired.
func (s *Stream) After(ctx context.Context, accountID string, in models.Place, position int64, limit int) (events []models.StreamEvent, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	where, args := "s.account_id = ?", []any{accountID}
	if in.ProjectID != "" { // the account's, which the caller has checked, and the store once more
		where, args = "s.project_id = ? AND s.account_id = ? AND s.project_id <> ''", []any{in.ProjectID, accountID}
	}
	if in.PipelineID != "" {
		where, args = where+" AND s.pipeline_id = ?", append(args, in.PipelineID)
	}
	q := s.read(ctx)
	var rows []struct {
		models.StreamEvent
		HappenedAt time.Time // to the account
	}
	err = q.Raw(fmt.Sprintf(`SELECT s.position, s.account_id, s.project_id, s.pipeline_id, s.job_id, s.seq,
			coalesce(e.type, a.type, '') AS type, coalesce(e.attempt, 0) AS attempt, coalesce(e.data, a.data) AS data,
			e.created_at, a.created_at AS happened_at
		FROM event_stream s LEFT JOIN job_events e ON e.job_id = s.job_id AND e.seq = s.seq
			LEFT JOIN account_events a ON s.seq = 0 AND a.id = s.job_id
		WHERE %s AND s.position > ? ORDER BY s.position LIMIT ?`, where), append(args, position, limit)...).Scan(&rows).Error
	if err != nil {
		return nil, s.wrap(err)
	}
	// After the events were read: what is forgotten only now was among them.
	var bounds struct{ Forgotten, Newest int64 }
	if err := q.Raw("SELECT forgotten, (" + newestPosition + ") AS newest FROM event_bounds").Scan(&bounds).Error; err != nil {
		return nil, s.wrap(err)
	}
	if position != 0 && position < bounds.Forgotten || position > bounds.Newest {
		return nil, errCursorExpired
	}
	for _, row := range rows {
		e := row.StreamEvent
		if e.Type == "" { // removed with its job, before its position was
			return nil, errCursorExpired
		}
		if e.Seq == 0 {
			e.JobID, e.CreatedAt = "", row.HappenedAt
		}
		e.CreatedAt = e.CreatedAt.UTC()
		events = append(events, e)
	}
	return events, nil
}

var errCursorExpired = models.NewError(models.CodeCursorExpired,
	"events after this position are not kept any longer, or it is not one of this platform: read what you follow again, and follow it from now on")

// PipelineEnd reports whether all jobs of a pipeline have ended, and the position of their last event, 0 if none of them is kept. Events that
// have no position yet are waited for, but not for ever: those of before there were positions have none.
func (s *Stream) PipelineEnd(ctx context.Context, p *models.Pipeline) (last int64, ended bool, err error) {
	if err := needAccount(p.AccountID); err != nil {
		return 0, false, err
	}
	var found struct{ Open, Last int64 }
	err = s.read(ctx).Raw(fmt.Sprintf(`SELECT count(*) FILTER (WHERE j.state NOT IN ('succeeded', 'failed', 'cancelled')
				OR coalesce(s.seq, 0) < j.event_seq AND j.finished_at > %s) AS open,
			coalesce(max(s.position), 0) AS last
		FROM jobs j LEFT JOIN (
			SELECT job_id, max(seq) AS seq, max(position) AS position FROM event_stream
			WHERE project_id = ? AND project_id <> '' AND pipeline_id = ? GROUP BY job_id
		) s ON s.job_id = j.id
		WHERE j.pipeline_id = ? AND j.pipeline_id <> '' AND j.account_id = ?`, s.dialect.nowPlus(micros(-sequencedWithin))),
		p.ProjectID, p.ID, p.ID, p.AccountID).Scan(&found).Error
	return found.Last, found.Open == 0, s.wrap(err)
}

// sequencedWithin is far longer than an event waits for its position.
const sequencedWithin = time.Minute
