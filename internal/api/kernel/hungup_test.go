package kernel

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
)

// problems is an Observer of problems alone.
type problems struct{ codes []models.Code }

func (p *problems) RequestStarted() func(telemetry.Request) { return func(telemetry.Request) {} }
func (p *problems) StreamOpened() func()                    { return func() {} }
func (p *problems) Problem(code models.Code)                { p.codes = append(p.codes, code) }
func (p *problems) AuthFailed(string)                       {}

// When a client disconnects, its request fails. That is not an outage in the log or the metrics; real outages still are.
func TestHungUpIsNoOutage(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	down := models.WrapError(models.CodeUnavailable, "the database is not available", context.Canceled)
	for name, tt := range map[string]struct {
		ctx    context.Context //nolint:containedctx // of one request each
		err    error
		status int
		code   models.Code
		logged bool
	}{
		"hung up, database":   {gone, down, 400, models.CodeInvalidRequest, false},
		"hung up, untold":     {gone, context.Canceled, 400, models.CodeInvalidRequest, false},
		"hung up, own fault":  {gone, models.NewError(models.CodeNotFound, "no such file"), 404, models.CodeNotFound, false},
		"waiting, database":   {t.Context(), down, 503, models.CodeUnavailable, true},
		"our time, not their": {late, context.DeadlineExceeded, 503, models.CodeUnavailable, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core, logs := observer.New(zap.InfoLevel)
			seen := &problems{}
			k := &Kernel{Observer: seen, Log: zap.New(core)}
			w := httptest.NewRecorder()
			c, _ := gin.CreateTestContext(w)
			c.Request = httptest.NewRequestWithContext(tt.ctx, "GET", "/", nil)
			k.Fail(c, tt.err)
			require.Equal(t, tt.status, w.Code)
			require.Equal(t, []models.Code{tt.code}, seen.codes)
			require.Equal(t, tt.logged, logs.Len() > 0)
		})
	}
}

// A panic under a time limit is still this process's failure.
func TestPanicIsNoHangUp(t *testing.T) {
	t.Parallel()
	core, logs := observer.New(zap.ErrorLevel)
	k := &Kernel{Observer: &problems{}, Log: zap.New(core)}
	engine := gin.New()
	engine.GET("/", k.recoverPanic, within(time.Hour), func(*gin.Context) { panic("out of luck") })
	w := httptest.NewRecorder()
	engine.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	require.Equal(t, 500, w.Code)
	require.NotZero(t, logs.Len())
}
