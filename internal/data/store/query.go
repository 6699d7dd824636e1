package store

import (
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// page narrows a query to one page, newest first.
func page(q *gorm.DB, p models.Page) *gorm.DB {
	if p.Before != "" {
		q = q.Where("id < ?", p.Before)
	}
	return q.Order("id DESC").Limit(p.Limit)
}

// one reads the row that a query names, or returns CodeNotFound.
func one[T any](d *db, q *gorm.DB, what string) (*T, error) {
	var row T
	res := q.Limit(1).Find(&row)
	if res.Error != nil {
		return nil, d.wrap(res.Error)
	}
	if res.RowsAffected == 0 {
		return nil, models.NewError(models.CodeNotFound, "no such "+what)
	}
	return &row, nil
}

// prunedBy names the walks that remove a thing.
var prunedBy = map[string][]string{
	"job":      {walkJobs, walkRollupJobs},
	"pipeline": {walkJobs},
	"artifact": {walkPreviews, walkReleases},
	"revision": {walkRevisions},
}

// clockSlack is more than the clocks of processes differ, which make ids, from that of the database.
const clockSlack = time.Minute

// notFound is the error for an id that nothing has, as far as the caller may know: CodePruned if it is as old as what has been
// removed. Only the id decides, so it says nothing about what others have.
func notFound(q *gorm.DB, what, id string) error {
	made, ok := models.IDTime(id)
	if !ok {
		return models.NewError(models.CodeNotFound, "no such "+what)
	}
	to, err := doneTo(q, prunedBy[what]...)
	switch {
	case err != nil:
		return err
	case made.Before(to.Add(clockSlack)):
		return models.NewError(models.CodePruned, "no such "+what+"; one as old as this may have been removed")
	}
	return models.NewError(models.CodeNotFound, "no such "+what)
}

// byID reads the row that has an id, among those of a query.
func byID[T any](d *db, q *gorm.DB, what, id string) (*T, error) {
	ctx := q.Statement.Context
	row, err := one[T](d, q.Where("id = ?", id), what)
	if models.CodeOf(err) == models.CodeNotFound {
		err = d.wrap(notFound(d.read(ctx), what, id))
	}
	return row, err
}
