package store

import (
	"context"
	"reflect"
	"regexp"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

const (
	// listLook bounds how many jobs of an account one page of a list reads for what there is no index for.
	listLook = 20000
	// mostTagged is of how many jobs with the same metadata the index alone says which they are. Those of which there are more are found soon without it.
	mostTagged = 2000
)

// FindJobs lists the account's jobs, newest first, and says up to which job it has looked; "" is all. Decision 48 has the reasons.
func (s *Jobs) FindJobs(ctx context.Context, accountID string, f models.JobFilter, p models.Page) (rows []models.Job, reached string, err error) {
	return s.find(ctx, accountID, f, p, listLook, mostTagged)
}

func (s *Jobs) find(ctx context.Context, accountID string, f models.JobFilter, p models.Page, look, most int) (rows []models.Job, reached string, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, "", err
	}
	q := s.narrow(page(s.of(ctx, accountID), p), accountID, f)
	ids, all, err := s.tagged(ctx, accountID, f, most)
	switch {
	case err != nil:
		return nil, "", s.wrap(err)
	case all && len(ids) == 0:
		return nil, "", nil
	case all:
		q = q.Where("id IN ?", ids)
	case !reflect.DeepEqual(indexed(f), f):
		var last []string
		within := s.narrow(s.of(ctx, accountID), accountID, indexed(f))
		if err := page(within, models.Page{Limit: 1, Before: p.Before}).Table("jobs").Offset(look-1).Pluck("id", &last).Error; err != nil {
			return nil, "", s.wrap(err)
		}
		if len(last) > 0 {
			reached = last[0]
			q = q.Where("id >= ?", reached)
		}
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, "", s.wrap(err)
	}
	for i := range rows {
		utc(&rows[i])
	}
	return rows, reached, nil
}

// tagged are all jobs of an account with the metadata of a filter, if there is an index for that and there are not too many.
func (s *Jobs) tagged(ctx context.Context, accountID string, f models.JobFilter, most int) (ids []string, all bool, err error) {
	if len(f.Metadata) == 0 || !s.dialect.writesInQueries() {
		return nil, false, nil
	}
	err = s.byMetadata(s.read(ctx), accountID, f.Metadata, most+1).Pluck("id", &ids).Error
	return ids, len(ids) <= most, err
}

// byMetadata is a query for some jobs of an account by their metadata. It has no order and no other condition, which would have the planner read the
// account's jobs in their order: it does not know how many have what.
func (s *Jobs) byMetadata(q *gorm.DB, accountID string, metadata map[string]string, most int) *gorm.DB {
	return s.narrow(q.Table("jobs"), accountID, models.JobFilter{Metadata: metadata}).Limit(most)
}

// ListJobs lists the account's jobs, newest first, however long that takes.
func (s *Jobs) ListJobs(ctx context.Context, accountID string, f models.JobFilter, p models.Page) ([]models.Job, error) {
	var rows []models.Job
	if err := s.narrow(page(s.of(ctx, accountID), p), accountID, f).Find(&rows).Error; err != nil {
		return nil, s.wrap(err)
	}
	for i := range rows {
		utc(&rows[i])
	}
	return rows, nil
}

// indexed is the part of a filter for which there is an index in the order of the list: one field, since no index has two, and the times.
func indexed(f models.JobFilter) models.JobFilter {
	part := models.JobFilter{From: f.From, To: f.To}
	switch {
	case f.PipelineID != "":
		part.PipelineID = f.PipelineID
	case f.ConcurrencyKey != "":
		part.ConcurrencyKey = f.ConcurrencyKey
	case f.EndUser != "":
		part.EndUser = f.EndUser
	default:
		part.ProjectID = f.ProjectID
	}
	return part
}

// narrow is a query for those jobs of an account that a filter finds.
func (d *db) narrow(q *gorm.DB, accountID string, f models.JobFilter) *gorm.DB {
	for column, value := range map[string]string{"state": string(f.State), "kind": string(f.Kind), "project_id": f.ProjectID, "pipeline_id": f.PipelineID,
		"error_code": string(f.Code)} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	if !f.From.IsZero() {
		q = q.Where("id >= ?", models.FirstID(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("id < ?", models.FirstID(f.To))
	}
	for condition, at := range map[string]time.Time{"run_at >= ?": f.RunFrom, "run_at < ?": f.RunTo, "expires_at >= ?": f.ExpiresFrom,
		"expires_at < ?": f.ExpiresTo} {
		if !at.IsZero() {
			q = q.Where(condition, d.dialect.timestamp(at))
		}
	}
	if f.EndUser != "" { // the index has only those of end users, which the plan of a parameter alone does not know
		q = q.Where("end_user <> '' AND end_user = ?", f.EndUser)
	}
	if f.ConcurrencyKey != "" {
		q = q.Where("concurrency_key <> '' AND concurrency_key = ?", f.ConcurrencyKey)
	}
	if f.Submitter != "" { // within a text of JSON these quotes would stand after backslashes
		q = q.Where(`(CAST(submitter AS text) LIKE ? ESCAPE '\' OR CAST(submitter AS text) LIKE ? ESCAPE '\')`,
			"%"+likeText(`"key_id":"`+f.Submitter+`"`)+"%", "%"+likeText(`"user_id":"`+f.Submitter+`"`)+"%")
	}
	for key, value := range f.Metadata {
		q = d.withMetadata(q, accountID, key, value)
	}
	return q
}

// plainNumber is a number that both databases compare exactly.
var plainNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,8})\.[0-9]{0,5}[1-9])$`)

// withMetadata narrows a query to jobs whose metadata has a string, a number or a boolean under a key, which is written so. The index of Postgres is of the
// account and the metadata together.
func (d *db) withMetadata(q *gorm.DB, accountID, key, value string) *gorm.DB {
	other := plainNumber.MatchString(value) || value == "true" || value == "false"
	if d.dialect.writesInQueries() {
		const has = "metadata IS NOT NULL AND findable_metadata(account_id, metadata) @> CAST(? AS jsonb)"
		pair := func(v any) string {
			return string(models.ToJSON(map[string]any{accountID: map[string]any{key: v}}))
		}
		if other {
			return q.Where("("+has+" OR "+has+")", pair(value), pair(models.JSON(value)))
		}
		return q.Where(has, pair(value))
	}
	const found = "EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(jobs.metadata) THEN jobs.metadata END) AS m WHERE m.key = ? AND "
	switch {
	case value == "true" || value == "false":
		return q.Where(found+"(m.type = ? OR m.type = 'text' AND m.atom = ?))", key, value, value)
	case other:
		return q.Where(found+"(m.type IN ('integer', 'real') AND m.atom = CAST(? AS NUMERIC) OR m.type = 'text' AND m.atom = ?))", key, value, value)
	}
	return q.Where(found+"m.type = 'text' AND m.atom = ?)", key, value)
}
