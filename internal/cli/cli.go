package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Deps is what the commands need of the program around them.
type Deps struct {
	// Embedded starts the platform in this process, on a free loopback port. stop ends it within its context.
	Embedded func(ctx context.Context, o EmbeddedOptions) (baseURL, apiKey string, stop func(context.Context) error, err error)
	// Dev runs the development server until ctx is done.
	Dev func(ctx context.Context, o DevOptions) error
	// Images makes the engines' container images and tells each as it comes.
	Images func(ctx context.Context, o ImagesOptions, tell func(Image)) error
	// Getenv reads a variable of the environment, which this package does not do by itself.
	Getenv func(name string) string
	// Version of the program, as it shows it.
	Version string
}

// EmbeddedOptions choose how the platform is started for one command.
type EmbeddedOptions struct {
	DataDir string // "" is a temporary one, removed when the command is done
	Quiet   bool   // logs nothing but errors
}

// DevOptions choose what the development server does first.
type DevOptions struct {
	Sample       bool // make a sample game
	SamplePrompt string
	SampleEngine string
}

const exitHelp = `
Exit codes: 0 done, 1 failed (a job failed, or the server refused), 2 wrong usage or input, 3 the server cannot be
reached, 130 interrupted.`

// New makes the command tree. Run it with Execute, or with Run, which also prints errors and gives the exit code.
func New(d Deps) *cobra.Command {
	root := &cobra.Command{
		Use:           "spark",
		Short:         "From a prompt to a playable game",
		Long:          "spark makes games from prompts: with a Spark server, or all by itself.\n" + exitHelp,
		Version:       d.Version,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("spark {{.Version}}\n")
	c := &client{deps: d}
	flags := root.PersistentFlags()
	flags.StringVar(&c.serverFlag, "server", "", "URL of the server (SPARK_SERVER)")
	flags.StringVar(&c.keyFlag, "key", "", "API key (SPARK_KEY, or the local server's key file)")
	root.AddCommand(devCommand(d), makeCommand(c), jobsCommand(c), projectsCommand(c), enginesCommand(c), poolCommand(c),
		imagesCommand(d), verifyCommand(c), signingKeysCommand(c), versionCommand(d))
	return root
}

// Run executes the command line and returns the exit code. When ctx ends, the command is interrupted: jobs that it
// waits for are cancelled.
func Run(ctx context.Context, d Deps, args []string) int {
	root := New(d)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintln(root.ErrOrStderr(), "spark:", describe(err))
		if ExitCode(err) == ExitUsage && strings.HasPrefix(err.Error(), "unknown") {
			fmt.Fprintln(root.ErrOrStderr(), "Run 'spark --help' for what there is.")
		}
	}
	return ExitCode(err)
}

// ran marks what comes out of a command's own work, so that everything else is known to be cobra's complaint about the
// command line.
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
	cmd.Flags().BoolVar(&o.Sample, "sample", false, "make a sample game and print where to play it")
	cmd.Flags().StringVar(&o.SamplePrompt, "sample-prompt", "a neon platformer about a fox who collects stars", "prompt of the sample game")
	cmd.Flags().StringVar(&o.SampleEngine, "sample-engine", "phaser", "engine of the sample game")
	return cmd
}
