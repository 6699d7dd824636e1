package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/internal/data/store/tree"
	"github.com/spark-games/spark/models"
)

// Platform reads across accounts: for the platform's own jobs, and for its administrators. It is the only facet that does. Code
// that serves an account must not be given it.
type Platform struct{ *db }

// ID is the platform's id: random, made with the database, and also that of a copy of the database.
func (s *Platform) ID(ctx context.Context) (id string, err error) {
	return id, s.wrap(s.read(ctx).Raw("SELECT value FROM platform_id WHERE id = 1").Row().Scan(&id))
}

// AllFinishedSince is Usage.FinishedSince for every account.
func (s *Platform) AllFinishedSince(ctx context.Context, from time.Time, f func(*models.Job) error) error {
	return s.readLong(ctx, func(q *gorm.DB) error { return s.eachFinished(q, from, f) })
}

// EachContent calls yield with the digest of every stored file that a revision, an artifact or an asset refers to, some of them
// several times, until yield returns an error.
func (s *Platform) EachContent(ctx context.Context, yield func(sha256 string) error) error {
	return s.wrap(s.readLong(ctx, func(q *gorm.DB) error {
		if err := eachContent(q, yield); err != nil {
			return err
		}
		return eachAsset(q, yield)
	}))
}

// eachAsset is eachContent of the assets, which older schemas lack.
func eachAsset(q *gorm.DB, yield func(sha256 string) error) error {
	return eachRow(q.Raw("SELECT sha256 FROM assets UNION ALL SELECT thumbnail_sha256 FROM assets WHERE thumbnail_sha256 <> ''"),
		func(digest []byte) error { return yield(string(digest)) })
}

func eachContent(q *gorm.DB, yield func(sha256 string) error) error {
	err := eachRow(q.Raw("SELECT content FROM trees"), func(content []byte) error { return tree.Contents(content, yield) })
	if err != nil {
		return err
	}
	return eachRow(q.Raw("SELECT manifest FROM artifacts"), func(text []byte) error {
		var m models.Manifest
		if err := m.Scan(text); err != nil {
			return err
		}
		for _, e := range m {
			if err := yield(e.SHA256); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachRow calls f with the one column of a query, row by row.
func eachRow(q *gorm.DB, f func([]byte) error) error {
	rows, err := q.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var value []byte
		if err := rows.Scan(&value); err != nil {
			return err
		}
		if err := f(value); err != nil {
			return err
		}
	}
	return rows.Err()
}

// ListJobs lists the jobs of all accounts, newest first.
func (s *Platform) ListJobs(ctx context.Context, f models.PlatformJobFilter, p models.Page) ([]models.Job, error) {
	q := page(s.read(ctx), p)
	for column, value := range map[string]string{"state": string(f.State), "kind": string(f.Kind), "error_code": string(f.Code), "account_id": f.AccountID} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	if f.State == models.StateFailed {
		q = q.Where("finished_at IS NOT NULL AND error_code <> ''") // as its index says
	}
	var rows []models.Job
	if err := q.Find(&rows).Error; err != nil {
		return nil, s.wrap(err)
	}
	for i := range rows {
		utc(&rows[i])
	}
	return rows, nil
}

// Job reads a job of any account.
func (s *Platform) Job(ctx context.Context, id string) (*models.Job, error) {
	job, err := byID[models.Job](s.db, s.read(ctx), "job", id)
	if err != nil {
		return nil, err
	}
	return utc(job), nil
}

// Worker is the worker that runs a job of any account; "" if none does.
func (s *Platform) Worker(ctx context.Context, jobID string) (string, error) {
	var owner string
	return owner, s.wrap(s.read(ctx).Raw("SELECT lease_owner FROM job_queue WHERE job_id = ?", jobID).Scan(&owner).Error)
}
