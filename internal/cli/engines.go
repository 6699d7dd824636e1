package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/platform/suggest"
	"github.com/spark-games/spark/models"
)

const engineHelp = "engine, as 'spark engines' lists them; name@version keeps the project at that version"

func enginesCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "engines",
		Short: "List the engines of the server",
		Long: `engines lists every version of every engine: what it can make, the container image that it is built in, its
containers, how a build is isolated (docker: a container; confined: a process that the kernel confines; open: an ordinary
process), and, if no worker can build with it, why. A version with a star is the engine's default.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.engines(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			notices := make(map[string][]string) // the engines that one is about
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "NAME\tTITLE\tVERSION\tOUTPUTS\tIMAGE\tPOOL\tISOLATION\tAVAILABLE")
			for _, e := range l.Data {
				version, image, held, available := e.Version, "-", "-", "yes"
				if e.Default {
					version += "*"
				}
				if e.Image != nil {
					image = shortDigest(*e.Image)
				}
				if e.Isolation != nil {
					held = *e.Isolation
				}
				if e.Notice != "" {
					notices[e.Notice] = append(notices[e.Notice], e.Name+"@"+e.Version)
				}
				if !e.Available {
					available = "no: " + clean(e.Reason)
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", clean(e.Name), clean(e.Title), clean(version),
					clean(strings.Join(e.Outputs, ",")), clean(image), poolState(e.Pool), clean(held), available)
			}
			if err := t.Flush(); err != nil {
				return err
			}
			for _, notice := range slices.Sorted(maps.Keys(notices)) {
				fmt.Fprintf(cmd.OutOrStdout(), "\n%s: %s\n", clean(strings.Join(notices[notice], ", ")), clean(notice))
			}
			return nil
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *api) engines(ctx context.Context) (apiclient.EngineList, error) {
	return a.ListEngines(ctx)
}

// completeEngine offers the engines of the server, or of this program if none answers.
func (c *client) completeEngine(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmd.Context(), cmp.Or(c.deps.AnswerWithin, answerWithin))
	defer cancel()
	var names []string
	if a, err := c.connect(); err == nil {
		defer a.close()
		if l, err := a.engines(ctx); err == nil {
			names = engineNames(l)
		}
	}
	if len(names) == 0 && c.deps.Engines != nil {
		names = c.deps.Engines()
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// engineNames are the engines by name, and those that are not the default of their name with their version.
func engineNames(l apiclient.EngineList) (names []string) {
	for _, e := range l.Data {
		name := clean(e.Name)
		if !e.Default {
			name += "@" + clean(e.Version)
		}
		names = append(names, name)
	}
	return names
}

// checkEngine refuses an engine that cannot make the requested output, before anything is made. The server refuses engines that
// it does not list.
func (a *api) checkEngine(ctx context.Context, ref string, t *target) error {
	if t.format != formatHTML {
		return nil
	}
	l, err := a.engines(ctx)
	if err != nil {
		return err
	}
	name, version, pinned := strings.Cut(ref, "@")
	for _, e := range l.Data {
		if e.Name == name && (pinned && e.Version == version || !pinned && e.Default) && !slices.Contains(e.Outputs, models.FormatWeb) {
			return usagef("--out %s: %s makes no games for a browser, so there is no single HTML file of one; a folder or a .zip can be written",
				t.path, clean(e.Title))
		}
	}
	return nil
}

// explainEngine adds the engine that was probably meant to the server's refusal.
func (a *api) explainEngine(ctx context.Context, ref string, err error) error {
	problem, ok := errors.AsType[*apiclient.Error](err)
	if !ok || problem.Code != models.CodeUnknownEngine && problem.Code != models.CodeUnknownVersion {
		return err
	}
	l, listErr := a.engines(ctx)
	if listErr != nil {
		return err
	}
	if near := suggest.Nearest(ref, engineNames(l)); near != "" {
		return usagef("%v; did you mean %s?", err, near)
	}
	return usagef("%v; \"spark engines\" lists them", err)
}

// shortDigest is the beginning of "sha256:…", as Docker shows it.
func shortDigest(digest string) string {
	digest = strings.TrimPrefix(digest, "sha256:")
	return digest[:min(len(digest), 12)]
}

// poolState lists containers by state, "1 warm, 2 running".
func poolState(c apiclient.PoolCounts) string {
	var parts []string
	for _, s := range []struct {
		n    int
		name string
	}{{c.Creating, "creating"}, {c.Warm, "warm"}, {c.Leased, "leased"}, {c.Running, "running"}, {c.Draining, "draining"}, {c.Waiting, "waiting"}} {
		if s.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", s.n, s.name))
		}
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ", ")
}
