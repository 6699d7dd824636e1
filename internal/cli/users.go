package cli

import (
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
)

func adminUsersCommand(c *client) *cobra.Command {
	cmd := groupCommand("users", "List the people who have signed in, and erase them")
	cmd.AddCommand(usersListCommand(c), usersEraseCommand(c))
	return cmd
}

func usersListCommand(c *client) *cobra.Command {
	var asJSON bool
	var page pageFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List users, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListUsers(cmd.Context(), &apiclient.ListUsersParams{Limit: &page.limit, Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tCREATED\tEMAIL\tNAME")
			for _, u := range l.Data {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", u.ID, u.CreatedAt.Local().Format(time.DateTime), clean(orDash(&u.Email)), clean(orDash(&u.Name)))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func usersEraseCommand(c *client) *cobra.Command {
	var confirm string
	cmd := &cobra.Command{
		Use:   "erase ID",
		Short: "Erase a person: what the platform knows of them goes, what they have made stays",
		Long: `erase ends a person's sessions, keys and memberships, and erases their name and address. It cannot be undone. The last owner of an account is
refused.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if confirm != args[0] {
				return usagef("say with --confirm who is to be erased, by the same id")
			}
			if err := a.EraseUser(cmd.Context(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "The user %s is erased.\n", clean(args[0]))
			return err
		}),
	}
	cmd.Flags().StringVar(&confirm, "confirm", "", "the id of the user, again")
	return cmd
}
