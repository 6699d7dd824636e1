package app

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) {
	Init() // a worker's agents are this program
	testenv.RunWithoutLeaks(m)
}

// Every loop and everything that is closed in a process is stopped at any moment of its life: before it has begun, while it
// begins, twice, from several sides. The names are read from this package's source, so that none can be forgotten.
func TestEveryServiceStartsAndStops(t *testing.T) {
	t.Parallel()
	a := assembled(t)
	loops := map[string]func(context.Context){
		"bus":               a.bus.Run,
		"dispatcher":        a.dispatcher.Run,
		"health":            a.health.run,
		"isolation":         a.known.WatchIsolation,
		"looks of watchers": (&api{parts: a.parts}).lookForWatchers,
		"uses of sessions":  (&auth.Uses{Write: a.store.People.SessionsSeen, Every: usesEvery, Log: zap.NewNop()}).Run,
		"uses of keys":      (&auth.Uses{Write: a.store.Accounts.KeysUsed, Every: usesEvery, Log: zap.NewNop()}).Run,
		"refusals": (&kernel.Refusals{Store: a.store.Audit, Every: refusalsEvery, Log: zap.NewNop(),
			Observer: telemetry.NewAPI(prometheus.NewRegistry())}).Run,
		"docker connection":      a.worker.builder.Connect,
		"lease renewal":          a.worker.executor.RenewLeases,
		"suspects":               func(ctx context.Context) { a.worker.executor.RunSuspects(ctx, ctx) },
		"engine warm-up":         a.worker.warmUp,
		"report":                 a.worker.publisher.Run,
		"repairer":               a.scheduler.repairer.Run,
		"sequencer":              a.sequencer.Run,
		"schedules":              a.scheduler.cron.Run,
		"schedules of accounts":  a.scheduler.timed.Run,
		"operations":             a.scheduler.bulk.Run,
		"webhooks":               a.pump.RunFanOut,
		"webhooks that are due":  a.pump.RunDue,
		"quotas":                 a.scheduler.tellQuotas,
		"storage":                a.scheduler.noteStorage,
		"audit":                  a.scheduler.chainAudit,
		"survey":                 a.scheduler.surveyor.Run,
		"retention":              a.scheduler.pruner.Run,
		"sweep":                  a.scheduler.sweep,
		"secrets":                a.secrets.Run,
		"certificate":            certificate(t).Run,
		"certificate of metrics": certificate(t).Run,
		"certificate for Redis":  certificate(t).Run,
		"embedded redis clock":   func(ctx context.Context) { runClock(ctx, a.embedded) },
		"presence":               a.worker.presence.Run,
	}
	admin := queue.NewAdmin(a.redis, adminRoot, false)
	unlock, err := lockFolder(t.TempDir())
	require.NoError(t, err)
	providers, err := a.providers()
	require.NoError(t, err)
	models := vendors{providers["openai"].(vendor), providers["anthropic"].(vendor)}
	closed := map[string]func(context.Context) error{
		"admin page":     func(context.Context) error { return admin.Close() },
		"data folder":    func(context.Context) error { return unlock() },
		"providers":      models.close,
		"worker":         a.stopWorker,
		"name":           a.stopServing(t), // of an HTTP server, given by its caller
		"builder":        a.worker.builder.Close,
		"toolchains":     func(context.Context) error { a.toolchains.Close(); return nil },
		"transport":      func(context.Context) error { return a.transport.Close() },
		"store":          func(context.Context) error { return a.store.Close() },
		"redis":          func(context.Context) error { return a.redis.Close() },
		"webhooks":       func(context.Context) error { openGuard(a.cfg).CloseIdleConnections(); return nil },
		"embedded redis": func(context.Context) error { a.embedded.Close(); return nil },
	}
	goes, stops := services(t)
	require.ElementsMatch(t, goes, slices.Collect(maps.Keys(loops)), "each loop has a stress test")
	require.ElementsMatch(t, stops, slices.Collect(maps.Keys(closed)), "all that is closed has a stress test")
	for name, loop := range loops {
		t.Run(name, func(t *testing.T) { stressLoop(t, loop) })
	}
	// As in a process, what others need is closed last.
	for _, name := range []string{"admin page", "name", "worker", "builder", "providers", "toolchains", "transport", "store", "webhooks", "redis", "embedded redis", "data folder"} {
		t.Run(name, func(t *testing.T) { stressStop(t, closed[name]) })
	}
	require.Error(t, a.worker.servers[0].Start(func([]jobs.Dispatch) {}), "what is closed does not start again")
}

// stressLoop runs a loop many times and stops it at other moments of its life each time, from two sides.
func stressLoop(t *testing.T, loop func(context.Context)) {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	loop(ended) // it returns
	for round := range 30 {
		var g lifecycle.Group
		g.Go("loop", loop)
		var all sync.WaitGroup
		for side := range 2 {
			all.Go(func() {
				for range round * side * 100 {
					runtime.Gosched()
				}
				if err := g.Stop(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}

// stressStop closes something from several sides, and again when it is closed. At most it says that it is closed; all may be told so, since
// a client of Redis closes its parts one after another.
func stressStop(t *testing.T, stop func(context.Context) error) {
	t.Helper()
	var all sync.WaitGroup
	errs := make(chan error, 4)
	for range cap(errs) {
		all.Go(func() { errs <- stop(context.Background()) })
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			require.ErrorContains(t, err, "close")
		}
	}
	if err := stop(t.Context()); err != nil {
		require.ErrorContains(t, err, "close")
	}
}

// assembly is all roles of a process, none of them started.
type assembly struct {
	*parts
	worker    *worker
	scheduler *scheduler
	embedded  *miniredis.Miniredis
}

func assembled(t *testing.T) *assembly {
	t.Helper()
	dir := t.TempDir()
	redis := miniredis.NewMiniRedis()
	require.NoError(t, redis.Start())
	cfg := config.Default()
	cfg.DataDir, cfg.ToolchainDir, cfg.Window = dir, filepath.Join(dir, "toolchains"), 8
	cfg.RedisURL = models.NewSecret("redis://" + redis.Addr())
	cfg.OpenAI = config.Model{Model: "m", APIKey: models.NewSecret("key")}
	cfg.Anthropic = cfg.OpenAI
	cfg.Sandbox.DockerHost = "unix://" + filepath.Join(dir, "none.sock")
	registry := telemetry.NewRegistry("all")
	p := &parts{cfg: cfg, log: zap.NewNop(), registry: registry, metrics: telemetry.NewPlatform(registry), allInOne: true}
	require.NoError(t, p.open(t.Context()))
	t.Cleanup(func() { _ = p.group.Stop(context.Background()) }) // the test has closed most of it already
	w, err := newWorker(t.Context(), p)
	require.NoError(t, err)
	return &assembly{p, w, newScheduler(p), redis}
}

// stopWorker closes the worker's servers before they have started, as after a start that failed.
func (a *assembly) stopWorker(context.Context) error {
	var err error
	for _, s := range a.worker.servers {
		s.Quiet()
		err = s.Close()
	}
	a.worker.hooks.server.Quiet()
	return errors.Join(err, a.worker.hooks.server.Close())
}

// stopServing starts an HTTP server and returns what stops it.
func (a *assembly) stopServing(t *testing.T) func(context.Context) error {
	t.Helper()
	p := &parts{cfg: a.cfg, log: a.log}
	_, err := p.serve(t.Context(), site{name: "test", setting: "SPARK_ADDR", address: "127.0.0.1:0", through: everybody, handler: http.NotFoundHandler(), before: func() {}})
	require.NoError(t, err)
	return p.group.Stop
}

// services are the names of what this package runs in groups and stops with them.
func services(t *testing.T) (loops, stops []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if group, ok := f.X.(*ast.SelectorExpr); !ok || group.Sel.Name != "group" {
				return true
			}
			var label string
			switch arg := call.Args[0].(type) {
			case *ast.BasicLit:
				label, err = strconv.Unquote(arg.Value)
				require.NoError(t, err)
			case *ast.Ident:
				label = arg.Name
			}
			switch f.Sel.Name {
			case "Go":
				loops = append(loops, label)
			case "OnStop":
				stops = append(stops, label)
			}
			return true
		})
	}
	return loops, stops
}
