package kernel

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// oneBlob has one content, for any digest.
type oneBlob string

func (b oneBlob) Open(context.Context, string) (io.ReadSeekCloser, error) {
	return struct {
		io.ReadSeeker
		io.Closer
	}{bytes.NewReader([]byte(b)), io.NopCloser(nil)}, nil
}

// What a caller's own headers make of an answer is a problem like any other, and no cache keeps it for everybody.
func TestOnlyContentIsCached(t *testing.T) {
	t.Parallel()
	const forever = "public, max-age=31536000, immutable"
	for name, tt := range map[string]struct {
		header, value string
		status        int
		cached        string
	}{
		"whole":         {"X-Nothing", "", 200, forever},
		"part":          {"Range", "bytes=0-1", 206, forever},
		"not changed":   {"If-None-Match", `"digest"`, 304, forever},
		"condition":     {"If-Match", `"another"`, 412, "no-store"},
		"condition met": {"If-Match", `"digest"`, 200, forever},
		"no such range": {"Range", "bytes=100-", 416, "no-store"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			req.Header.Set(tt.header, tt.value)
			w := httptest.NewRecorder()
			c, _ := gin.CreateTestContext(w)
			c.Request = req
			file, err := OpenBlob(t.Context(), oneBlob("a game"), req, models.ManifestEntry{Path: "a.js", SHA256: "digest", Size: 6})
			if err == nil {
				file.Headers["Cache-Control"] = forever
				err = file.Serve(c.Writer)
			}
			if err != nil {
				(&Kernel{Log: zap.NewNop(), Observer: &problems{}}).Fail(c, err)
				require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
				require.Empty(t, w.Header().Get("ETag"))
			}
			c.Writer.WriteHeaderNow()
			require.Equal(t, tt.status, w.Code)
			require.Equal(t, tt.cached, w.Header().Get("Cache-Control"))
		})
	}
}
