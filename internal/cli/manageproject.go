package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
)

func projectsDeleteCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "delete PROJECT",
		Short: "Delete a project, which can be restored for some time",
		Long: `delete cancels the project's jobs and has it not found any more. "spark projects restore" brings it back as long as the platform keeps it.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if err := a.DeleteProject(cmd.Context(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is deleted, until spark projects restore %s\n", clean(args[0]), clean(args[0]))
			return err
		}),
	}
}

func projectsRestoreCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "restore PROJECT",
		Short: "Bring a deleted project back",
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			p, err := a.RestoreProject(cmd.Context(), args[0], nil)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s is back\n", p.ID, clean(p.Name))
			return err
		}),
	}
}

func projectsDuplicateCommand(c *client) *cobra.Command {
	var name, revision string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "duplicate PROJECT",
		Short: "Make a project of another one's files and print its id",
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			p, err := a.DuplicateProject(cmd.Context(), args[0], nil, apiclient.Duplication{Name: given(name), RevisionID: given(revision)})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), p)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), p.ID)
			return err
		}),
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", `the new project's name (that of the other with "(copy)")`)
	f.StringVar(&revision, "revision", "", "the id of the revision whose files it gets (the current one)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
