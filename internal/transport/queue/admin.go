package queue

import (
	"net/http"

	"github.com/hibiken/asynqmon"

	"github.com/spark-games/spark/internal/transport/redisconn"
)

// Admin is the page that shows the queues. It has no authentication of its own: the API guards it.
type Admin struct {
	http.Handler
	close func() error
}

// NewAdmin makes the page for a root path such as "/admin/queues".
func NewAdmin(r *redisconn.Conn, root string) *Admin {
	page := asynqmon.New(asynqmon.Options{RootPath: root, RedisConnOpt: r})
	return &Admin{Handler: page, close: page.Close}
}

// Close ends the page's connections.
func (a *Admin) Close() error { return a.close() }
