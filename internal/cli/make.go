package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

type makeOptions struct {
	prompt   string
	engine   string
	out      string
	force    bool
	seed     int64
	provider string
	name     string
	dataDir  string
	noCache  bool
	// provenance is the file for the signed statement; the public key goes beside it. "" writes none.
	provenance string
	asJSON     bool
	// template is the name of one that says what is done, with its parameters as NAME=VALUE; "" is generation, build and export.
	template string
	params   []string
}

func makeCommand(c *client) *cobra.Command {
	var o makeOptions
	cmd := &cobra.Command{
		Use:   "make PROMPT",
		Short: "Make a game from a prompt",
		Long: `make generates a game, builds it for release, exports it, and writes it where --out says: a folder, a .zip to
upload to a game site, or a single .html file. An engine that makes programs for Linux gives a folder or a .zip. A folder that
spark wrote before has its game replaced; one with anything else in it is left alone, unless --force says otherwise.

Without --server (and SPARK_SERVER) it uses the server that one has signed in to, or else the one that runs on the local data folder, or else runs the whole
platform in this process for as long as it takes.
` + exitHelp,
		Example: `  spark make "a neon platformer about a fox who collects stars" --engine phaser --out game/
  spark make "asteroids, but calm" --engine three --out game.html --seed 7
  spark make --template pixel-art --param idea="an owl" --out owl/`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.template != "" { // which may need no prompt
				return nil
			}
			return someArgs(cmd, args)
		},
		RunE: ran(func(cmd *cobra.Command, args []string) error {
			o.prompt = strings.Join(args, " ")
			return c.make(cmd.Context(), cmd.OutOrStdout(), o)
		}),
	}
	f := cmd.Flags()
	f.StringVarP(&o.engine, "engine", "e", "phaser", engineHelp)
	f.StringVarP(&o.out, "out", "o", "game/", "folder, .zip or .html file to write")
	f.BoolVar(&o.force, "force", false, "write into a folder with other files, and replace those of the same name")
	f.Int64Var(&o.seed, "seed", 0, "makes a generation repeatable; 0 lets the prompt decide")
	f.StringVar(&o.provider, "provider", "", "provider of the generation (default: the server's)")
	f.StringVar(&o.name, "name", "", "name of the project (default: the beginning of the prompt)")
	f.StringVar(&o.dataDir, "data-dir", "", "data folder if no server is used (default: a temporary one)")
	f.BoolVar(&o.noCache, "no-cache", false, "build even if the server has an earlier build of the same files")
	f.StringVar(&o.provenance, "provenance", "", "also write the game's provenance to this file, and the public key beside it")
	f.StringVar(&o.template, "template", "", "a template that says what is done; PROMPT, --seed, --provider and the format of --out are parameters of it")
	f.StringArrayVar(&o.params, "param", nil, "a parameter of the template, as NAME=VALUE; may be repeated")
	f.BoolVar(&o.asJSON, "json", false, "print the result as JSON and no progress")
	complete(cmd, "engine", c.completeEngine)
	complete(cmd, "provider", completing([]string{"builtin", "openai", "anthropic"}))
	return cmd
}

// made is the result, as --json prints it.
type made struct {
	ProjectID  string `json:"project_id"`
	PipelineID string `json:"pipeline_id"`
	ArtifactID string `json:"artifact_id"`
	Out        string `json:"out"`
	Bytes      int64  `json:"bytes"`
	Format     string `json:"format,omitempty"` // of the build: web, linux, …
	PlayURL    string `json:"play_url,omitempty"`
	Cached     bool   `json:"cached"` // the build is an earlier one of the same files
	reading
	Provenance string `json:"provenance,omitempty"`
	PublicKey  string `json:"public_key,omitempty"`
	TookMillis int64  `json:"took_ms"`
}

// reading is how the provider understood the prompt, if it can tell.
type reading struct {
	Summary    string   `json:"summary,omitempty"`
	Genre      string   `json:"genre,omitempty"`
	Understood []string `json:"understood,omitempty"`
	Ignored    []string `json:"ignored,omitempty"` // words that changed nothing
}

// stopWithin bounds how long an embedded platform may take to stop.
const stopWithin = 15 * time.Second

func (c *client) make(ctx context.Context, stdout io.Writer, o makeOptions) (err error) {
	started := time.Now()
	switch {
	case o.template == "" && strings.TrimSpace(o.prompt) == "":
		return usagef("the prompt is empty")
	case o.template == "" && len(o.params) > 0:
		return usagef("--param is for a --template")
	case o.template != "" && o.noCache:
		return usagef("--no-cache is not for a --template, which says how it builds")
	}
	target, err := newTarget(o.out, o.force)
	if err != nil {
		return err
	}
	var show progress = silent{}
	if !o.asJSON {
		show = &inTurn{progress: newProgress(stdout)}
	}
	a, embedded, stop, err := c.serverFor(ctx, o, show)
	if err != nil {
		show.end()
		return err
	}
	defer func() {
		a.close()
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		if stopErr := stop(stopCtx); err == nil && stopErr != nil {
			err = fmt.Errorf("the platform did not stop as it should: %w", stopErr)
		}
	}()
	result, err := a.makeGame(ctx, o, target, show)
	show.end()
	if err != nil {
		return err
	}
	result.TookMillis = time.Since(started).Milliseconds()
	if embedded {
		result.PlayURL = "" // it ends with this process
	}
	if o.asJSON {
		return printJSON(stdout, result)
	}
	return target.farewell(stdout, result, started)
}

// serverFor is the server to use: the configured one, the local one if it is running, or an embedded one.
func (c *client) serverFor(ctx context.Context, o makeOptions, show progress) (a *api, embedded bool, stop func(context.Context) error, err error) {
	nothing := func(context.Context) error { return nil }
	server, _ := c.configured()
	if server == "" && o.dataDir == "" {
		if server, _, err = c.signedIn(); err != nil {
			return nil, false, nothing, err
		}
	}
	if server != "" {
		a, err := c.connect()
		return a, false, nothing, err
	}
	if server, key := c.local(); server != "" && o.dataDir == "" {
		if a, err := dial(server, key); err == nil {
			if c.answers(ctx, a) {
				return a, false, nothing, nil
			}
			a.close()
		}
	}
	if c.deps.Embedded == nil {
		return nil, false, nil, errNoEmbedded
	}
	show.show(0, "starting", "")
	url, key, stop, err := c.deps.Embedded(ctx, EmbeddedOptions{DataDir: o.dataDir, Quiet: true, Installing: installing(show)})
	if err != nil {
		return nil, false, nil, fmt.Errorf("start the platform: %w", err)
	}
	a, err = dial(url, key)
	if err != nil {
		return nil, false, nil, errors.Join(err, stop(context.WithoutCancel(ctx)))
	}
	return a, true, stop, nil
}

// makeGame runs the pipeline and writes what it exports.
func (a *api) makeGame(ctx context.Context, o makeOptions, target *target, show progress) (made, error) {
	show.show(0, "submitting", "")
	if err := a.checkEngine(ctx, o.engine, target); err != nil {
		return made{}, err
	}
	submit := a.submitMake
	if o.template != "" {
		params, err := a.templateParams(ctx, o, target.format)
		if err != nil {
			return made{}, err
		}
		submit = func(ctx context.Context, projectID string, o makeOptions, _ string) (apiclient.Pipeline, error) {
			return a.SubmitPipeline(ctx, nil, apiclient.NewPipeline{ProjectID: &projectID, Template: o.template, Params: params})
		}
	}
	project, err := a.createProject(ctx, projectName(o), o.engine)
	if err != nil {
		return made{}, err
	}
	sending, sent := outlast(ctx, heardWithin)
	pipeline, err := submit(sending, project.ID, o, target.format)
	sent()
	if err != nil {
		return made{}, err
	}
	result := made{ProjectID: project.ID, PipelineID: pipeline.ID, Out: target.path}
	jobs, err := a.watchPipeline(ctx, pipeline, show)
	if err != nil {
		return made{}, err
	}
	if generation, ok := lastOf(jobs, models.KindGeneration); ok {
		_ = json.Unmarshal(generation.Output, &result.reading) // what the provider does not report is not shown
	}
	packed, exported := lastOf(jobs, models.KindExport)
	built, _ := lastOf(jobs, models.KindBuild)
	if !exported || built.ID == "" {
		return made{}, errors.New("the pipeline has not built and exported a game")
	}
	build, err := a.artifactOf(ctx, built.ID)
	if err != nil {
		return made{}, err
	}
	result.Cached, result.Format = build.Cached, build.Format
	if build.PlayURL != nil {
		result.PlayURL = a.server + *build.PlayURL
	}
	export, err := a.artifactOf(ctx, packed.ID)
	if err != nil {
		return made{}, err
	}
	if export.Format != "" && export.Format != target.format {
		return made{}, fmt.Errorf("the template exports %s, and %s is to be %s", clean(export.Format), target.path, target.format)
	}
	result.ArtifactID, result.Bytes = export.ID, export.Bytes
	show.show(1, "writing", target.path)
	if err := a.download(ctx, export.ID, target); err != nil || o.provenance == "" {
		return result, err
	}
	result.Provenance, result.PublicKey = o.provenance, publicKeyBeside(o.provenance)
	return result, a.saveProvenance(ctx, export.ID, result.Provenance, result.PublicKey)
}

// watchPipeline follows the jobs, which run one after the other, and returns them when they have ended. If it is interrupted or
// one fails, the rest is cancelled.
func (a *api) watchPipeline(ctx context.Context, p apiclient.Pipeline, show progress) ([]apiclient.Job, error) {
	ended := make([]apiclient.Job, 0, len(p.Jobs))
	for i, job := range p.Jobs {
		base, part := float64(i)/float64(len(p.Jobs)), 1/float64(len(p.Jobs))
		end, err := a.follow(ctx, job.ID, func(ev apiclient.JobEvent) {
			fraction, stage, ok := stageOf(ev)
			if ok {
				show.show(base+part*fraction, string(job.Kind), stage)
			}
		})
		if err != nil {
			a.cancelAll(ctx, p.Jobs[i:])
			return nil, err
		}
		if end.Error != nil && end.Error.Code == models.CodeSkipped { // a branch of a template that was not taken
			continue
		}
		if end.State != models.StateSucceeded {
			show.end()
			return nil, failedJob(end)
		}
		ended = append(ended, end)
	}
	return ended, nil
}

// heardWithin bounds how long an answer is awaited that nobody wants any more.
const heardWithin = 5 * time.Second

// outlast is a context that ends some time after ctx: a submission that is on its way when somebody interrupts is heard of, so that what was
// submitted can be cancelled.
func outlast(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-longer.Done():
		case <-time.After(by):
			cancel()
		}
	})
	return longer, func() {
		stop()
		cancel()
	}
}

// cancelAll cancels jobs that are not needed any more. The interrupt that led here does not cancel it.
func (a *api) cancelAll(ctx context.Context, jobs []apiclient.Job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, job := range jobs {
		_, _ = a.CancelJob(ctx, job.ID, nil) // an error: ended meanwhile, or cancelled with the one before
	}
}
