package store

import (
	"context"
	"encoding/json"

	"github.com/spark-games/spark/models"
)

// Erasure erases what accounts, their end users and people have left. docs/erasure.md says what, and what stays.
type Erasure struct{ *db }

// eraseStep bounds how many rows one transaction erases.
const eraseStep = 200

// StartEndUser erases of an end user what is not about their jobs, and notes in the audit that they are erased, without their id.
func (s *Erasure) StartEndUser(ctx context.Context, accountID, endUser string) (*models.ErasedEndUser, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	named, err := json.Marshal(endUser)
	if err != nil {
		return nil, err
	}
	mentions := "%" + likeText(`"end_user":`+string(named)) + "%"
	var done *models.ErasedEndUser
	return done, s.write(ctx, func(tx *tx) error {
		done = &models.ErasedEndUser{}
		for _, one := range []struct {
			n    *int
			sql  string
			args []any
		}{
			{&done.Schedules, `DELETE FROM account_schedules WHERE account_id = ? AND CAST(target AS text) LIKE ? ESCAPE '\'`, []any{accountID, mentions}},
			{new(int), `DELETE FROM operations WHERE account_id = ? AND CAST(filter AS text) LIKE ? ESCAPE '\'`, []any{accountID, mentions}},
			// Without their bodies: a repetition hears what was made, and nothing more.
			{&done.Answers, `UPDATE answers SET body = '', status = 0 WHERE account_id = ? AND body LIKE ? ESCAPE '\'`, []any{accountID, mentions}},
			{new(int), `DELETE FROM account_events WHERE account_id = ? AND CAST(data AS text) LIKE ? ESCAPE '\'`, []any{accountID, mentions}},
			{new(int), `DELETE FROM webhook_messages WHERE account_id = ? AND job_id = '' AND CAST(data AS text) LIKE ? ESCAPE '\'`,
				[]any{accountID, mentions}},
			{new(int), "DELETE FROM webhook_targets WHERE account_id = ? AND holder_id IN (SELECT id FROM pipelines WHERE account_id = ? AND end_user = ?)",
				[]any{accountID, accountID, endUser}},
			{&done.AuditEntries, "UPDATE audit_entries SET end_user = '', address = '', salt = '' WHERE account_id = ? AND end_user = ?",
				[]any{accountID, endUser}},
			{&done.Pipelines, "UPDATE pipelines SET end_user = '', metadata = NULL WHERE account_id = ? AND end_user = ?", []any{accountID, endUser}},
		} {
			res := tx.Exec(one.sql, one.args...)
			if res.Error != nil {
				return res.Error
			}
			*one.n = int(res.RowsAffected)
		}
		return tx.record("end_user.erase", resource{accountID, "end_user", ""})
	})
}

// OpenOfEndUser lists jobs of an end user that have not ended and were not cancelled.
func (s *Erasure) OpenOfEndUser(ctx context.Context, accountID, endUser string) (ids []string, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	return ids, s.wrap(s.read(ctx).Raw(`SELECT id FROM jobs WHERE account_id = ? AND end_user = ? AND end_user <> '' AND cancel_requested_at IS NULL
		AND state IN ('blocked', 'queued', 'running') ORDER BY id LIMIT ?`, accountID, endUser, eraseStep).Scan(&ids).Error)
}

// FinishEndUser erases what an end user's jobs that have ended say of them, and then their counts; what they used is nobody's in particular then.
func (s *Erasure) FinishEndUser(ctx context.Context, accountID, endUser string, done *models.ErasedEndUser) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	for more := true; more; {
		var jobs, revisions int
		err := s.write(ctx, func(tx *tx) (err error) {
			jobs, revisions, err = tx.eraseJobsOf(accountID, endUser)
			return err
		})
		if err != nil {
			return err
		}
		done.Jobs, done.Revisions, more = done.Jobs+jobs, done.Revisions+revisions, jobs == eraseStep
	}
	for more := true; more; {
		err := s.write(ctx, func(tx *tx) (err error) {
			more, err = tx.foldUsage(accountID, endUser)
			return err
		})
		if err != nil {
			return err
		}
	}
	err := s.write(ctx, func(tx *tx) error {
		for _, table := range []string{"end_user_usage", "spent", "quota_notices"} {
			if err := tx.Exec("DELETE FROM "+table+" WHERE account_id = ? AND end_user = ? AND end_user <> ''", accountID, endUser).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.wrap(s.read(ctx).Raw("SELECT count(*) FROM jobs WHERE account_id = ? AND end_user = ? AND end_user <> '' AND finished_at IS NULL",
		accountID, endUser).Scan(&done.Open).Error)
}

// eraseJobsOf erases from some of an end user's jobs that have ended what they say of the end user.
func (tx *tx) eraseJobsOf(accountID, endUser string) (jobs, revisions int, err error) {
	var some []models.Job
	err = tx.Raw(`SELECT id, state, input, output, error_code, submitter FROM jobs
		WHERE account_id = ? AND end_user = ? AND end_user <> '' AND finished_at IS NOT NULL ORDER BY id LIMIT ?`+tx.dialect.lock(waitLocked),
		accountID, endUser, eraseStep).Scan(&some).Error
	if err != nil || len(some) == 0 {
		return 0, 0, err
	}
	ids := idsOf(some)
	res := tx.Exec("UPDATE revisions SET prompt = '', message = '' WHERE account_id = ? AND job_id IN ? AND job_id <> ''", accountID, ids)
	if res.Error != nil {
		return 0, 0, res.Error
	}
	err = tx.Exec("DELETE FROM job_events WHERE job_id IN ? AND seq < (SELECT event_seq FROM jobs WHERE jobs.id = job_events.job_id)", ids).Error
	if err != nil {
		return 0, 0, err
	}
	for _, sql := range []string{"DELETE FROM webhook_messages WHERE job_id IN ? AND job_id <> ''", "DELETE FROM webhook_targets WHERE holder_id IN ?"} {
		if err := tx.Exec(sql, ids).Error; err != nil {
			return 0, 0, err
		}
	}
	for _, j := range some {
		if err := tx.Exec("UPDATE job_events SET data = ? WHERE job_id = ?", stateData(j.State, nil), j.ID).Error; err != nil {
			return 0, 0, err
		}
		message := ""
		if j.ErrorCode != "" {
			message = "erased"
		}
		err := tx.Exec(`UPDATE jobs SET end_user = '', metadata = NULL, input = ?, output = ?, submitter = ?, error_message = ?, log_tail = '',
			cancel_reason = '', concurrency_key = '' WHERE id = ?`, impersonal(j.Input), impersonal(j.Output), impersonal(j.Submitter), message, j.ID).Error
		if err != nil {
			return 0, 0, err
		}
	}
	return len(some), int(res.RowsAffected), nil
}

// impersonal is a JSON object with those of its fields alone that say nothing of people: ids of the platform's, numbers, booleans and the kind of an actor.
func impersonal(raw models.JSON) models.JSON {
	var fields map[string]any
	if json.Unmarshal(raw, &fields) != nil || fields == nil {
		return nil
	}
	for name, value := range fields {
		switch v := value.(type) {
		case bool, float64:
		case string:
			if name != "kind" && !models.ValidID(v) {
				delete(fields, name)
			}
		default:
			delete(fields, name)
		}
	}
	return models.ToJSON(fields)
}

// foldUsage adds some of the counts of an end user to those of nobody in particular, and reports whether there may be more. It locks rows in the order in
// which the sequencer does.
func (tx *tx) foldUsage(accountID, endUser string) (more bool, err error) {
	var rows []models.UsageCount
	err = tx.Raw(`SELECT account_id, start AS at, kind, project_id, end_user FROM usage_counts WHERE account_id = ? AND end_user = ? AND end_user <> ''
		ORDER BY start, kind, project_id LIMIT ?`, accountID, endUser, eraseStep).Scan(&rows).Error
	if err != nil {
		return false, err
	}
	const add = `INSERT INTO usage_counts (account_id, start, kind, project_id, end_user, jobs, failures, tokens_in, tokens_out, build_millis, bytes)
		VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, start, kind, project_id, end_user) DO UPDATE SET `
	for _, r := range rows {
		if err := tx.Exec(add+addUp(), accountID, r.At, r.Kind, r.ProjectID, 0, 0, 0, 0, 0, 0).Error; err != nil {
			return false, err
		}
		var gone []models.UsageCount
		err := tx.Raw(`DELETE FROM usage_counts WHERE account_id = ? AND start = ? AND kind = ? AND project_id = ? AND end_user = ?
			RETURNING jobs, failures, tokens_in, tokens_out, build_millis, bytes`, accountID, r.At, r.Kind, r.ProjectID, endUser).Scan(&gone).Error
		for _, c := range gone {
			if err == nil {
				err = tx.Exec(add+addUp(), accountID, r.At, r.Kind, r.ProjectID, c.Jobs, c.Failures, c.TokensIn, c.TokensOut, c.BuildMillis, c.Bytes).Error
			}
		}
		if err != nil {
			return false, err
		}
	}
	return len(rows) == eraseStep, nil
}
