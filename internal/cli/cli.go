package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/models"
)

// Deps is what the commands need from the program.
type Deps struct {
	// Embedded starts the platform in this process, on a free loopback port. stop ends it within its context.
	Embedded func(ctx context.Context, o EmbeddedOptions) (baseURL, apiKey string, stop func(context.Context) error, err error)
	// Dev runs the development server until ctx is done.
	Dev func(ctx context.Context, o DevOptions) error
	// GenerateKey makes a text of a key's form.
	GenerateKey func() string
	// CreateLocalKey puts a new API key into the data folder.
	CreateLocalKey func(ctx context.Context, o LocalKeyOptions) (LocalKey, error)
	// LocalKeys are the keys that work, of the platform on a data folder; "" leaves the folder to the environment.
	LocalKeys func(ctx context.Context, dataDir string) ([]models.APIKey, error)
	// RevokeLocalKey revokes the key with a prefix or id.
	RevokeLocalKey func(ctx context.Context, dataDir, prefixOrID string) (*models.APIKey, error)
	// Peppers tells how many keys hang on each pepper; with revoke, those whose pepper is not configured any more are revoked.
	Peppers func(ctx context.Context, dataDir string, revoke bool) (uses []PepperUse, revoked int, err error)
	// Migrate brings the schema of the configured database up to date and returns the numbers of the migrations that it has applied;
	// SchemaStatus says how it stands.
	Migrate      func(ctx context.Context, dataDir string) (applied []int64, err error)
	SchemaStatus func(ctx context.Context, dataDir string) (Schema, error)
	// Backup writes everything that the configured platform has stored into a file, which is new or in a folder; Restore fills a
	// new database and its files from one.
	Backup, Restore func(ctx context.Context, dataDir, path string) (Backup, error)
	// Images makes the engines' container images and reports each when it is done.
	Images func(ctx context.Context, o ImagesOptions, tell func(Image)) error
	// CheckConfig explains the configuration of this folder and environment.
	CheckConfig func() config.Report
	// Engines names the engines that this program has, for a shell's completion when no server answers.
	Engines func() []string
	// Getenv reads an environment variable; this package does not do so itself.
	Getenv func(name string) string
	// ConfigDir is the person's folder for configuration, in which credentials are kept; "" keeps none.
	ConfigDir string
	// Hostname is this machine's, to recognize by where somebody has signed in.
	Hostname string
	// Browse opens an address in a browser; nil opens none.
	Browse func(address string) error
	// AnswerWithin is how long a command waits for a server that it can do without; 0 is two seconds.
	AnswerWithin time.Duration
	// Version of the program, as it shows it.
	Version string
}

// EmbeddedOptions choose how the platform is started for one command.
type EmbeddedOptions struct {
	DataDir string // "" is a temporary one, removed when the command is done
	Quiet   bool   // logs nothing but errors
	// Installing is called with how much of an engine's packages has been installed, from any goroutine.
	Installing func(engine string, bytes int64)
}

// DevOptions choose where the development server runs, and what it does first. "" leaves it to the environment.
type DevOptions struct {
	Addr, DataDir string

	Sample       bool // make a sample game
	SamplePrompt string
	SampleEngine string
}

const exitHelp = `
Exit codes: 0 done, 1 failed (a job failed, or the server refused), 2 wrong usage or input, 3 the server cannot be
reached, 130 interrupted.`

// New makes the command tree. Run is what also prints errors and gives the exit code.
func New(d Deps) *cobra.Command {
	root := groupCommand("spark", "From a prompt to a playable game")
	root.Long = "spark makes games from prompts: with a Spark server, or on its own.\n" + exitHelp
	root.Version = d.Version
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetFlagErrorFunc(wrongFlag)
	root.SetVersionTemplate("spark {{.Version}}\n")
	c := &client{deps: d}
	flags := root.PersistentFlags()
	flags.StringVar(&c.serverFlag, "server", "", "URL of the server (SPARK_SERVER)")
	flags.StringVar(&c.keyFlag, "key", "", "API key (SPARK_KEY, or that of spark login, or the local server's key file)")
	flags.StringVar(&c.accountFlag, "account", "", "id of the account to act for, with a master key, or that one has signed in to (SPARK_ACCOUNT)")
	root.AddCommand(devCommand(d), loginCommand(c), logoutCommand(c), whoamiCommand(c), makeCommand(c),
		assetsCommand(c), jobsCommand(c), operationsCommand(c), pipelineCommand(c), templatesCommand(c), scheduleCommand(c), webhooksCommand(c),
		auditCommand(c), tokenCommand(c), endUserCommand(c),
		accountCommand(c),
		projectsCommand(c),
		enginesCommand(c), poolCommand(c), imagesCommand(d), keysCommand(c), adminCommand(c), migrateCommand(d), backupCommand(d), restoreCommand(d),
		configCommand(d), signInCommand(c),
		verifyCommand(c), signingKeysCommand(c), versionCommand(d))
	return root
}

// Run executes the command line and returns the exit code. When ctx ends, the command is interrupted: jobs that it
// waits for are cancelled.
func Run(ctx context.Context, d Deps, args []string) int {
	root := New(d)
	err := execute(ctx, root, args)
	if err != nil {
		fmt.Fprintln(root.ErrOrStderr(), "spark:", describe(err))
	}
	return ExitCode(err)
}

func execute(ctx context.Context, root *cobra.Command, args []string) error {
	root.SetArgs(args)
	wrongHelp := strictHelp(root)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = wrongHelp()
	}
	return err
}

// ran marks errors of a command's own work; all other errors are cobra's, about the command line.
func ran(run func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if err := run(cmd, args); err != nil {
			return &ranError{err}
		}
		return nil
	}
}

func versionCommand(d Deps) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "spark "+d.Version)
			return err
		}),
	}
}

func devCommand(d Deps) *cobra.Command {
	var o DevOptions
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run the whole platform in this process, on embedded stores",
		Args:  cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			return d.Dev(cmd.Context(), o)
		}),
	}
	cmd.Flags().StringVar(&o.Addr, "addr", "", "address to listen on (SPARK_ADDR)")
	cmd.Flags().StringVar(&o.DataDir, "data-dir", "", "data folder (SPARK_DATA_DIR)")
	cmd.Flags().BoolVar(&o.Sample, "sample", false, "make a sample game and print where to play it")
	cmd.Flags().StringVar(&o.SamplePrompt, "sample-prompt", "a neon platformer about a fox who collects stars", "prompt of the sample game")
	cmd.Flags().StringVar(&o.SampleEngine, "sample-engine", "phaser", "engine of the sample game")
	return cmd
}
