package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// startCutter starts a server in front of a platform that breaks connections: of the answer to a request with the header Cut-After only as
// many bytes come through, and with 0 nothing of it. The platform has then done what it was asked. Requests for other paths than the API's
// are for pages, which may be nil.
func startCutter(t *testing.T, platform string, pages http.Handler) string {
	t.Helper()
	target, err := url.Parse(platform)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		FlushInterval: -1,
		ModifyResponse: func(r *http.Response) error {
			if header := r.Request.Header.Get("Cut-After"); header != "" {
				after, err := strconv.ParseInt(header, 10, 64)
				if err != nil || after == 0 {
					panic(http.ErrAbortHandler) // which closes the connection
				}
				r.Body = &cutBody{r.Body, after}
			}
			return nil
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", proxy)
	if pages != nil {
		mux.Handle("/", pages)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// cutBody is a body that breaks off.
type cutBody struct {
	io.ReadCloser
	left int64
}

func (b *cutBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
