package cli

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
)

func accountCommand(c *client) *cobra.Command {
	cmd := groupCommand("account", "Export and delete the account")
	var confirm string
	del := &cobra.Command{
		Use:   "delete",
		Short: "Delete the account that you own, with everything in it",
		Long: `delete closes the account at once and cancels its jobs. Whoever runs the platform can restore it for a while; then it is removed.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			if confirm == "" {
				return usagef("say with --confirm which account is to be deleted, by its id")
			}
			deleted, err := a.DeleteAccount(cmd.Context(), &apiclient.DeleteAccountParams{Confirm: confirm})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "The account %s %s is deleted.\n", deleted.ID, clean(deleted.Name))
			return err
		}),
	}
	del.Flags().StringVar(&confirm, "confirm", "", "the id of the account")
	cmd.AddCommand(del, accountExportCommand(c), accountCheckCommand())
	return cmd
}

// accountDeletionCommands are for administrators.
func accountDeletionCommands(c *client) []*cobra.Command {
	return []*cobra.Command{
		pauseCommand(c, "delete ID", "Delete an account: it is closed at once, and removed after a while",
			func(a *api, ctx context.Context, id string) (string, error) {
				account, err := a.DeleteAnyAccount(ctx, id)
				return fmt.Sprintf("The account %s is deleted. Until it is removed, restore takes that back.", account.ID), err
			}),
		pauseCommand(c, "restore ID", "Take the deletion of an account back", func(a *api, ctx context.Context, id string) (string, error) {
			account, err := a.RestoreAccount(ctx, id, nil)
			return fmt.Sprintf("The account %s is %s.", account.ID, account.State), err
		}),
	}
}

// printDeleted lists the accounts that were deleted and can still be restored.
func printDeleted(ctx context.Context, out io.Writer, a *api, asJSON bool) error {
	found := []apiclient.Account{}
	for one, err := range a.ListAccountsAll(ctx, &apiclient.ListAccountsParams{Limit: new(100)}) {
		if err != nil {
			return err
		}
		if one.DeletedAt != nil && one.DeletedAt.Year() > 1970 { // of others a part is gone
			found = append(found, one)
		}
	}
	if asJSON {
		return printJSON(out, found)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tDELETED\tNAME")
	for _, one := range found {
		fmt.Fprintf(t, "%s\t%s\t%s\n", one.ID, one.DeletedAt.Local().Format(time.DateTime), clean(one.Name))
	}
	return t.Flush()
}
