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
	cmd := groupCommand("projects", "List, create, duplicate, delete, restore, transfer and merge projects")
	cmd.AddCommand(projectsListCommand(c), projectsCreateCommand(c), projectsDuplicateCommand(c), projectsDeleteCommand(c), projectsRestoreCommand(c),
		projectsTransferCommand(c), projectsMergeCommand(c))
	return cmd
}

func projectsListCommand(c *client) *cobra.Command {
	var asJSON, deleted bool
	var search, engine, label string
	var page pageFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List projects, newest first",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			params := &apiclient.ListProjectsParams{Limit: &page.limit, Cursor: given(page.cursor), Search: given(search), Engine: given(engine),
				Label: given(label)}
			if deleted {
				params.Deleted = &deleted
			}
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
	f.StringVar(&search, "search", "", "only those with this in their name")
	f.StringVar(&engine, "engine", "", "only those of this engine")
	f.StringVar(&label, "label", "", "only those with this label, name:value")
	f.BoolVar(&deleted, "deleted", false, "those that were deleted and can be restored")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func projectsTransferCommand(c *client) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "transfer PROJECT",
		Short: "Give a project to another account that you own",
		Long: `transfer moves a project with its revisions and artifacts to another account. You must be an owner of both, or have the master key.
Its jobs must have ended and its schedules be deleted. What the jobs have used stays with the account for which they ran.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if to == "" {
				return usagef("say with --to which account gets the project, by its id")
			}
			p, err := a.TransferProject(cmd.Context(), args[0], nil, apiclient.ProjectTransfer{AccountID: to})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s is in the account %s now\n", p.ID, clean(p.Name), to)
			return err
		}),
	}
	cmd.Flags().StringVar(&to, "to", "", "the id of the account that gets it")
	return cmd
}

// engineOf is a project's engine, with the version that it is pinned to.
func engineOf(p apiclient.Project) string {
	if p.EngineVersion == nil {
		return p.Engine
	}
	return p.Engine + "@" + *p.EngineVersion
}
