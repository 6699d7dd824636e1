package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/spark-games/spark/internal/api/apiclient"
)

const engineHelp = "engine, as 'spark engines' lists them; name@version keeps the project at that version"

func enginesCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "engines",
		Short: "List the engines of the server",
		Long: `engines lists every version of every engine: what it can make, the container image that it is built in, its
containers, and, when no worker can build with it, why. A version with a star is the one that projects have which name
none.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			a, err := c.connect()
			if err != nil {
				return err
			}
			defer a.close()
			l, err := as[apiclient.EngineList](a.body(a.ListEngines(cmd.Context())))
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l.Data)
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "NAME\tTITLE\tVERSION\tOUTPUTS\tIMAGE\tPOOL\tAVAILABLE")
			for _, e := range l.Data {
				version, image, available := e.Version, "-", "yes"
				if e.Default {
					version += "*"
				}
				if e.Image != nil {
					image = shortDigest(*e.Image)
				}
				if !e.Available {
					available = "no: " + clean(e.Reason)
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", clean(e.Name), clean(e.Title), clean(version),
					clean(strings.Join(e.Outputs, ",")), clean(image), poolState(e.Pool), available)
			}
			return t.Flush()
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// shortDigest is the beginning of "sha256:…", as Docker shows it.
func shortDigest(digest string) string {
	digest = strings.TrimPrefix(digest, "sha256:")
	return digest[:min(len(digest), 12)]
}

// poolState is what there is of containers, "1 warm, 2 running".
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
