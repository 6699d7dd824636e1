package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
)

func endUserCommand(c *client) *cobra.Command {
	cmd := groupCommand("end-user", "Erase an app's end users")
	var asJSON bool
	erase := &cobra.Command{
		Use:   "erase ID",
		Short: "Erase what the account has of an end user",
		Long: `erase cancels the jobs of an end user of your app, and erases their id and what they asked for. What was made, and how much was used, stays.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			done, err := a.EraseEndUser(cmd.Context(), nil, apiclient.EndUserErasure{EndUser: args[0]})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, done)
			}
			_, err = fmt.Fprintf(out, "erased from %d jobs, %d pipelines, %d revisions and %d entries of the audit; %d schedules were removed\n",
				done.Jobs, done.Pipelines, done.Revisions, done.AuditEntries, done.Schedules)
			if err == nil && !done.Complete {
				_, err = fmt.Fprintf(cmd.ErrOrStderr(), "%d jobs have not stopped yet: erase again in a moment\n", done.OpenJobs)
			}
			return err
		}),
	}
	erase.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.AddCommand(erase)
	return cmd
}
