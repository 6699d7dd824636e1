package queue

import (
	"bytes"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/hibiken/asynqmon"

	"github.com/spark-games/spark/internal/transport/redisconn"
)

// Admin is the page that shows the queues. It has no authentication of its own: the API guards it.
type Admin struct {
	page  http.Handler
	close func() error
}

// NewAdmin makes the page for a root path such as "/admin/queues". A page that is read-only has no buttons, and takes only GET.
func NewAdmin(r *redisconn.Conn, root string, readOnly bool) *Admin {
	page := asynqmon.New(asynqmon.Options{RootPath: root, RedisConnOpt: r, ReadOnly: readOnly})
	return &Admin{page: page, close: page.Close}
}

// Close ends the page's connections.
func (a *Admin) Close() error { return a.close() }

// banner says on every page what the page does not show. It stands above the page and covers nothing of it: what asynqmon places
// absolutely is placed within its root.
const banner = `<body><style>#root{position:relative}</style><div role="note" style="padding:8px 16px;` +
	`background:#fff3cd;color:#332701;font:14px/1.4 system-ui,sans-serif;border-bottom:1px solid #b59b3a">` +
	`This page shows the transport. For it every task of Spark succeeds, also when the job fails: ` +
	`<a style="color:#0b57d0" href="/admin/jobs?state=failed">jobs by state and error</a> are a page of their own.</div>`

// elsewhere matches the links to style sheets and fonts of another site. Without them the page uses the system's own.
var elsewhere = regexp.MustCompile(`<link[^>]+href="https?://[^>]*>`)

// ServeHTTP implements http.Handler. It serves asynqmon's pages with a banner and without what they would load from other
// sites; everything else passes unchanged.
func (a *Admin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	held := &heldPage{ResponseWriter: w, status: http.StatusOK}
	a.page.ServeHTTP(held, r)
	held.finish()
}

// heldPage buffers an answer that is an HTML page, which is small, and passes others on.
type heldPage struct {
	http.ResponseWriter
	status int
	begun  bool
	page   bytes.Buffer
	held   bool
}

func (h *heldPage) WriteHeader(status int) {
	if h.begun {
		return
	}
	h.begun, h.status = true, status
	h.held = strings.HasPrefix(h.Header().Get("Content-Type"), "text/html")
	if !h.held {
		h.ResponseWriter.WriteHeader(status)
	}
}

func (h *heldPage) Write(p []byte) (int, error) {
	if !h.begun {
		if h.Header().Get("Content-Type") == "" {
			h.Header().Set("Content-Type", http.DetectContentType(p))
		}
		h.WriteHeader(http.StatusOK)
	}
	if h.held {
		return h.page.Write(p)
	}
	return h.ResponseWriter.Write(p)
}

func (h *heldPage) finish() {
	if !h.held {
		return
	}
	page := elsewhere.ReplaceAll(h.page.Bytes(), nil)
	page = bytes.Replace(page, []byte("<body>"), []byte(banner), 1)
	h.Header().Set("Content-Length", strconv.Itoa(len(page)))
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(page) // an error means that the client has gone
}
