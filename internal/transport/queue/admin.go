package queue

import (
	"net/http"

	"github.com/hibiken/asynqmon"

	"github.com/spark-games/spark/internal/transport/redisconn"
)

// Admin is the page that shows the queues. It has no authentication of its own: the API guards it.
type Admin struct {
	ReadOnly, Full http.Handler
	close          []func() error
}

// NewAdmin makes the page for a root path such as "/admin/queues".
func NewAdmin(r *redisconn.Conn, root string) *Admin {
	readOnly := asynqmon.New(asynqmon.Options{RootPath: root, RedisConnOpt: r, ReadOnly: true})
	full := asynqmon.New(asynqmon.Options{RootPath: root, RedisConnOpt: r})
	return &Admin{ReadOnly: readOnly, Full: full, close: []func() error{readOnly.Close, full.Close}}
}

// Close ends the page's connections.
func (a *Admin) Close() error {
	var first error
	for _, c := range a.close {
		if err := c(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
