package kernel

import (
	"encoding/base64"
	"strings"

	"github.com/spark-games/spark/models"
)

const (
	defaultLimit = 20
	maxLimit     = 100
)

// Cursors are opaque, so that what they hold can change: today the id of the last row of the page.
const cursorVersion = "1:"

func encodeCursor(id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorVersion + id))
}

func decodeCursor(cursor string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	id, ok := strings.CutPrefix(string(raw), cursorVersion)
	if err != nil || !ok || !models.ValidID(id) {
		return "", ParameterError("cursor", "not a cursor of this API")
	}
	return id, nil
}

// Page reads limit and cursor. The store is asked for one row more than the limit, see Paginate.
func Page(limit *int, cursor *string) (models.Page, error) {
	p := models.Page{Limit: defaultLimit + 1}
	if limit != nil {
		if *limit < 1 || *limit > maxLimit {
			return p, ParameterError("limit", "the limit is 1 to 100")
		}
		p.Limit = *limit + 1
	}
	if cursor != nil {
		before, err := decodeCursor(*cursor)
		if err != nil {
			return p, err
		}
		p.Before = before
	}
	return p, nil
}

// Paginate cuts the additional row off and turns the rest into what the API shows.
func Paginate[Row, Shown any](rows []Row, p models.Page, id func(*Row) string, show func(*Row) Shown) (data []Shown, more bool, next *string) {
	if len(rows) >= p.Limit {
		rows = rows[:p.Limit-1]
		cursor := encodeCursor(id(&rows[len(rows)-1]))
		more, next = true, &cursor
	}
	data = make([]Shown, len(rows))
	for i := range rows {
		data[i] = show(&rows[i])
	}
	return data, more, next
}

// PaginateTo is Paginate for rows that were looked for in a part of the list, up to the row with the id reached; "" is all of it.
func PaginateTo[Row, Shown any](rows []Row, p models.Page, reached string, id func(*Row) string, show func(*Row) Shown) (
	data []Shown, more bool, next *string,
) {
	data, more, next = Paginate(rows, p, id, show)
	if !more && reached != "" {
		cursor := encodeCursor(reached)
		more, next = true, &cursor
	}
	return data, more, next
}
