package cli

import (
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
)

func projectsCommand(c *client) *cobra.Command {
	cmd := groupCommand("projects", "List and create projects")
	cmd.AddCommand(projectsListCommand(c), projectsCreateCommand(c))
	return cmd
}

func projectsListCommand(c *client) *cobra.Command {
	var asJSON bool
	var page pageFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List projects, newest first",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			params := &apiclient.ListProjectsParams{Limit: &page.limit, Cursor: given(page.cursor)}
			l, err := a.ListProjects(cmd.Context(), params)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tENGINE\tCREATED\tNAME")
			for _, p := range l.Data {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.ID, clean(engineOf(p)), p.CreatedAt.Local().Format(time.DateTime), clean(p.Name))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	f := cmd.Flags()
	page.flags(f)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// engineOf is a project's engine, with the version that it is pinned to.
func engineOf(p apiclient.Project) string {
	if p.EngineVersion == nil {
		return p.Engine
	}
	return p.Engine + "@" + *p.EngineVersion
}
