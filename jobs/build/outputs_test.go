package build

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestMain(m *testing.M) {
	agent.MaybeRun()
	os.Exit(m.Run())
}

// shell is an engine whose builds run a script.
type shell struct {
	*fakeEngine
	script string
	limits engines.Limits
}

func (s shell) Get(string, string) (engines.Engine, error) { return s, nil }
func (shell) Toolchain() engines.Toolchain                 { return engines.Toolchain{} }
func (s shell) Plan(engines.BuildRequest) (engines.Plan, error) {
	return engines.Plan{Limits: s.limits, Command: &engines.Command{Output: "out",
		Steps: []engines.Step{{Argv: []string{"sh", "-c", s.script}, Dir: "{work}/out"}}}}, nil
}

// Verify reads everything, as an engine may.
func (s shell) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	for _, f := range outputs.Manifest() {
		c, err := outputs.Open(f.Path)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			return models.WrapError(models.CodeInvalidOutput, "it cannot be read", err)
		}
	}
	return s.fakeEngine.Verify(req, outputs)
}

// interrupted is a runner whose builds are interrupted after a number of output bytes.
type interrupted struct {
	Runner
	after     int
	interrupt func()
}

func (r *interrupted) Run(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	job.Sink = interruptedSink{job.Sink, r}
	return r.Runner.Run(ctx, job)
}

type interruptedSink struct {
	engines.Sink
	r *interrupted
}

func (s interruptedSink) Create(path string) (io.WriteCloser, error) {
	w, err := s.Sink.Create(path)
	return interruptedFile{w, s.r}, err
}

type interruptedFile struct {
	io.WriteCloser
	r *interrupted
}

func (f interruptedFile) Write(p []byte) (int, error) {
	if f.r.after -= len(p); f.r.after < 0 {
		f.r.interrupt()
	}
	return f.WriteCloser.Write(p)
}

// platform is a handler with real blobs and a real sandbox, for a build of 200 MiB in four files.
type platform struct {
	*world
	dir    string // of everything
	engine shell
	ctx    context.Context
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{world: newWorld(t), dir: t.TempDir(), ctx: t.Context()}
	folder := func(name string) string {
		dir := filepath.Join(p.dir, name)
		require.NoError(t, os.Mkdir(dir, 0o700))
		return dir
	}
	blobs, err := blob.Open(folder("blobs"), nil)
	require.NoError(t, err)
	tools := toolchain.New(folder("toolchains"), nil)
	t.Cleanup(tools.Close)
	r, err := sandbox.NewLocalRunner(sandbox.Options{Toolchains: tools, Dir: folder("agents")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close(context.Background())) })
	p.engine = shell{p.world.engine, "for f in a b c d; do (echo $f; head -c 50M /dev/zero) > $f.bin; done",
		engines.Limits{OutputBytes: 256 << 20}}
	p.handler.Blobs, p.handler.Runner, p.handler.Engines, p.handler.Dir = blobs, r, &p.engine, folder("spools")
	m, err := jobs.StoreFiles(t.Context(), blobs, []models.File{{Path: "main.txt", Data: []byte("x")}})
	require.NoError(t, err)
	p.rev.Manifest = m
	return p
}

func (p *platform) run() (*jobs.Result, error) {
	job := &models.Job{ID: models.NewID(), AccountID: p.project.AccountID, ProjectID: p.project.ID, Input: models.ToJSON(jobs.BuildInput{})}
	res, err := p.handler.Run(p.ctx, &jobs.Attempt{Job: job})
	if err == nil {
		p.store.save(job, res)
	}
	return res, err
}

// left is how many files there are, without those of the project.
func (p *platform) left(t *testing.T) (files int) {
	t.Helper()
	for _, dir := range []string{"agents", "spools", "blobs/tmp", "blobs/blobs"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(p.dir, dir), func(_ string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files++
			}
			return err
		}))
	}
	return files - len(p.rev.Manifest)
}

// From the sandbox to the blob store, and from there again when an equal build is requested, the outputs of a build take the
// memory of a few buffers.
func TestLargeBuildIsNeverInMemory(t *testing.T) { //nolint:paralleltest // it measures the process
	p := newPlatform(t)
	var before, after runtime.MemStats
	for _, cached := range []bool{false, true} {
		runtime.ReadMemStats(&before)
		res, err := p.run()
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(24<<20))
		require.Equal(t, cached, res.Artifact.Cached())
		require.Len(t, res.Artifact.Manifest, 4)
		require.Equal(t, int64(4*(50<<20+2)), res.Artifact.Bytes)
		require.Equal(t, 4, p.left(t))
		for _, e := range res.Artifact.Manifest {
			c, err := p.handler.Blobs.Open(t.Context(), e.SHA256)
			require.NoError(t, err)
			head := make([]byte, 2)
			_, err = io.ReadFull(c, head)
			require.NoError(t, errors.Join(err, c.Close()))
			require.Equal(t, e.Path[:1]+"\n", string(head))
		}
	}
}

func TestUnfinishedBuildsLeaveNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(p *platform, cancel func())
		want   models.Code
	}{
		"cancelled while outputs come": {func(p *platform, cancel func()) {
			p.handler.Runner = &interrupted{p.handler.Runner, 120 << 20, cancel}
		}, models.CodeCancelled},
		"more than the limit":   {func(p *platform, _ func()) { p.engine.limits.OutputBytes = 100 << 20 }, models.CodeOutputTooLarge},
		"more files":            {func(p *platform, _ func()) { p.engine.limits.OutputFiles = 2 }, models.CodeOutputTooLarge},
		"refused by the engine": {func(p *platform, _ func()) { p.engine.refuse = 1 }, models.CodeInvalidOutput},
		"a step that fails":     {func(p *platform, _ func()) { p.engine.script += "; exit 1" }, models.CodeCompileFailed},
		"nowhere to keep them":  {func(p *platform, _ func()) { p.handler.Dir = filepath.Join(p.dir, "none") }, models.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			var cancel context.CancelFunc
			p.ctx, cancel = context.WithCancel(t.Context())
			defer cancel()
			c.change(p, cancel)
			_, err := p.run()
			require.Equal(t, c.want, models.CodeOf(err), "%v", err)
			require.Zero(t, p.left(t))
		})
	}
}

// An engine that cannot read the outputs has not checked them: the failure is reported as a read error.
func TestVerifyTellsFailuresFromJudgements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := &building{engine: shell{fakeEngine: w.engine}}
	outputs := engines.InMemory([]models.File{{Path: "a", Data: []byte("x")}})
	require.NoError(t, b.verify(t.Context(), outputs))
	stopped := models.NewError(models.CodeWorkerLost, "stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stopped)
	require.ErrorIs(t, b.verify(ctx, outputs), stopped)
	require.Equal(t, models.CodeNotFound, models.CodeOf(b.verify(t.Context(), stored{t.Context(), models.Manifest{{Path: "a", SHA256: "00"}}, w.blobs})))
	w.engine.refuse = 1
	require.Equal(t, models.CodeInvalidOutput, models.CodeOf(b.verify(t.Context(), outputs)))
}

// What is stored is what was hashed as it arrived, or the build has failed.
func TestStoredOutputsAreWhatCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	outputs := engines.InMemory([]models.File{{Path: "a", Data: []byte("x")}})
	require.NoError(t, storeOutputs(t.Context(), w.blobs, outputs))
	require.Contains(t, w.blobs.data, outputs.Manifest()[0].SHA256)
	require.Equal(t, models.CodeUnavailable, models.CodeOf(storeOutputs(t.Context(), w.blobs, lying{outputs})))
}

type lying struct{ engines.Outputs }

func (l lying) Manifest() models.Manifest {
	m := l.Outputs.Manifest()
	m[0].SHA256 = "00"
	return m
}
