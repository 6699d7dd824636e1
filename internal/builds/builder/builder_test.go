package builder_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/internal/builds/builder"
	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/models"
)

func TestMain(m *testing.M) {
	agent.MaybeRun()
	os.Exit(m.Run())
}

// plain is an engine without packages.
type plain struct{ base engines.Base }

func (plain) Info() engines.Info {
	return engines.Info{Name: "plain", Version: "1", Outputs: []string{"web"}}
}
func (p plain) Image() engines.Image                                   { return engines.Image{Base: p.base} }
func (plain) Toolchain() engines.Toolchain                             { return engines.Toolchain{} }
func (plain) Starter(engines.Design) ([]models.File, error)            { return nil, nil }
func (plain) Plan(r engines.BuildRequest) (engines.Plan, error)        { return web.Plan(r, nil) }
func (plain) Verify(r engines.BuildRequest, out engines.Outputs) error { return web.Verify(r, out) }

// newBuilder is connected to a Docker daemon that does not exist.
func newBuilder(t *testing.T, e engines.Engine, mode builder.Mode, least engines.IsolationLevel) (*builder.Builder, *prometheus.Registry) {
	t.Helper()
	metrics := prometheus.NewRegistry()
	tools := toolchain.New(t.TempDir(), nil)
	b, err := builder.New(builder.Options{Mode: mode, Min: least, Owner: "test", Engines: engines.NewRegistry(e), Toolchains: tools,
		Dir: t.TempDir(), Slots: 1, Containers: builder.Containers{Host: "unix://" + filepath.Join(t.TempDir(), "none.sock")},
		Metrics: metrics, Log: zap.NewNop()})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Connect(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
		last, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		require.NoError(t, b.Close(last))
		tools.Close()
	})
	return b, metrics
}

func run(t *testing.T, b *builder.Builder, e engines.Engine) (*engines.Result, engines.Environment, error) {
	t.Helper()
	req := engines.BuildRequest{Title: "x", Mode: engines.Release, Files: []models.File{{Path: "src/main.js", Data: []byte("console.log(1)")}}}
	plan, err := e.Plan(req)
	require.NoError(t, err)
	job := engines.RunRequest{Account: "a", JobID: "j", Engine: e, Plan: plan, Files: req.Files, Sink: enginetest.Sink(t)}
	res, err := b.Run(t.Context(), job)
	env, envErr := b.Environment(t.Context(), job)
	require.Equal(t, err == nil, envErr == nil, "%v, %v", err, envErr)
	return res, env, err
}

// No build runs with less isolation than the platform requires, wherever it would have to run, and the report says so.
func TestBuildsBelowTheDemandedIsolationFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode  builder.Mode
		least engines.IsolationLevel
		level engines.IsolationLevel // that local processes must have at least for a build to run, "" for none at all
		code  models.Code            // otherwise
	}{
		"local, anything goes":     {builder.Local, engines.Open, engines.Open, ""},
		"auto, anything goes":      {builder.Auto, engines.Open, engines.Open, ""},
		"local, confined":          {builder.Local, engines.Confined, engines.Confined, models.CodeSandboxUnavailable},
		"auto, confined":           {builder.Auto, engines.Confined, engines.Confined, models.CodeSandboxUnavailable},
		"auto, containers":         {builder.Auto, engines.Contained, "", models.CodeSandboxUnavailable},
		"docker, anything goes":    {builder.Docker, engines.Open, "", models.CodeUnavailable},
		"docker, containers":       {builder.Docker, engines.Contained, "", models.CodeUnavailable},
		"local, but containers":    {builder.Local, engines.Contained, "", models.CodeSandboxUnavailable},
		"docker, confined is more": {builder.Docker, engines.Confined, "", models.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := plain{engines.Scratch}
			b, metrics := newBuilder(t, e, c.mode, c.least)
			level := b.Isolation().Level
			res, env, err := run(t, b, e)
			report := b.Report()
			require.Equal(t, string(level), report.Isolation)
			status := report.Engines[0]
			if c.level != "" && level.AtLeast(c.level) {
				require.NoError(t, err)
				require.Equal(t, level, res.Environment.Isolation, "the result has the isolation level")
				require.Equal(t, level, env.Isolation)
				require.True(t, status.Available)
				require.Equal(t, string(level), status.Isolation)
				if c.mode == builder.Auto {
					require.Contains(t, status.Notice, "no Docker daemon answers")
				}
				require.Equal(t, 1.0, counted(t, metrics, "spark_sandbox_builds_total", string(level)))
				return
			}
			require.Equal(t, c.code, models.CodeOf(err), "%v", err)
			require.False(t, status.Available)
			if c.code == models.CodeSandboxUnavailable {
				require.Contains(t, status.Reason, "SPARK_SANDBOX_MIN")
			}
			require.NotEmpty(t, status.Reason)
			require.Empty(t, status.Isolation)
		})
	}
}

// counted is the value of a counter for an isolation.
func counted(t *testing.T, metrics *prometheus.Registry, name, isolation string) float64 {
	t.Helper()
	families, err := metrics.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == name && l.GetName() == "isolation" && l.GetValue() == isolation {
					return m.GetCounter().GetValue()
				}
			}
		}
	}
	return 0
}
