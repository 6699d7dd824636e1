package store

import (
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
