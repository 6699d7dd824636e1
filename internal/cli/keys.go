package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/spark-games/spark/models"
)

// LocalKeyOptions choose the data folder that gets a key.
type LocalKeyOptions struct {
	DataDir string // "" leaves it to the environment
	Role    string
	Force   bool // revoke all keys that were made with a different pepper, or replace the file of another's key
}

// LocalKey is a new API key, which is in File. Revoked keys were revoked because their pepper is lost.
type LocalKey struct {
	File, Prefix, AccountID string
	Revoked                 int
}

func keysCommand(c *client) *cobra.Command {
	cmd := groupCommand("keys", "Make, list, replace and revoke API keys")
	cmd.AddCommand(keysCreateCommand(c), keysListCommand(c), keysRotateCommand(c), keysRevokeCommand(c),
		keysPeppersCommand(c.deps), keysGenerateCommand(c.deps))
	return cmd
}

// localFlags are the flags of every command about keys.
func localFlags(cmd *cobra.Command, local *bool, dataDir *string, asJSON *bool) {
	f := cmd.Flags()
	f.BoolVar(local, "local", false, "work on this machine's data folder, without a server")
	f.StringVar(dataDir, "data-dir", "", "the data folder (SPARK_DATA_DIR)")
	f.BoolVar(asJSON, "json", false, "print JSON")
}

func keysCreateCommand(c *client) *cobra.Command {
	d := c.deps
	var o LocalKeyOptions
	var n newKeyFlags
	var local, asJSON bool
	cmd := &cobra.Command{
		Use:   "create NAME | create --local",
		Short: "Make an API key of the account, or one in the data folder of a platform on this machine",
		Long: `create NAME makes an API key of your account and prints its text, which is stored nowhere: keep it. Its role says what it may do:
viewer reads, user makes games, owner makes keys as well. --scopes takes away from that, "jobs:read,artifacts:read" for example, and
--expires gives it an end. A key cannot make one that may do more than itself. An administrator makes keys of another account with
--for ID.

create --local makes an API key of the platform's first account and writes it to the file api-key in the data folder, for an
owner of that folder who has lost the key. The platform may be running. With --role user or auditor, the key is for somebody else
and is written to the file api-key-user or api-key-auditor: a user works in the account, an auditor sees the queues and the jobs of
all accounts and changes nothing. A file with an earlier key that still works is replaced only with --force; the earlier key keeps
working until it is revoked.

If the pepper is lost, with which all keys were hashed, none of them works any more: they are revoked, and the new key gets a
new pepper. If there is a different pepper, that may be a configuration mistake, so revoking them requires --force.
` + exitHelp,
		Args: cobra.MaximumNArgs(1),
		RunE: ran(func(cmd *cobra.Command, args []string) error {
			if !local {
				n.role = o.Role
				return c.createKey(cmd, args, n, asJSON)
			}
			if len(args) > 0 {
				return usagef("%q is one argument too many: a key in the data folder has no name", clean(args[0]))
			}
			o.Role = cmp.Or(o.Role, string(models.RoleAdmin))
			if !slices.Contains(localRoles, models.Role(o.Role)) {
				return usagef("no such role in a data folder: %q; there are admin, user and auditor", o.Role)
			}
			if d.CreateLocalKey == nil {
				return errors.New("this program cannot make keys")
			}
			k, err := d.CreateLocalKey(cmd.Context(), o)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, map[string]any{"file": k.File, "prefix": k.Prefix, "account_id": k.AccountID, "revoked": k.Revoked})
			}
			if k.Revoked > 0 {
				fmt.Fprintf(out, "Keys revoked because their pepper is lost: %d.\n", k.Revoked)
			}
			_, err = fmt.Fprintf(out, "A new API key (%s…) is in %s\n", k.Prefix, k.File)
			return err
		}),
	}
	localFlags(cmd, &local, &o.DataDir, &asJSON)
	f := cmd.Flags()
	f.StringVar(&o.Role, "role", "", "what the key may do: user unless you say otherwise, admin with --local")
	n.flags(f)
	f.BoolVar(&o.Force, "force", false, "admin: revoke all keys that were made with a different pepper than the current one; user, auditor: "+
		"replace the file of an earlier key")
	return cmd
}

// localRoles are those of keys that the owner of a data folder makes.
var localRoles = []models.Role{models.RoleAdmin, models.RoleUser, models.RoleAuditor}

// heldKey is a key as these commands print it.
type heldKey struct {
	ID        string      `json:"id"`
	Prefix    string      `json:"prefix"`
	Role      models.Role `json:"role"`
	Name      string      `json:"name"`
	AccountID string      `json:"account_id"`
	CreatedAt time.Time   `json:"created_at"`
}

func held(k *models.APIKey) heldKey {
	return heldKey{k.ID, k.Prefix, k.Role, k.Name, k.AccountID, k.CreatedAt}
}

func keysListCommand(c *client) *cobra.Command {
	d := c.deps
	var dataDir, of string
	var local, asJSON bool
	var page pageFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the API keys that work, of the account or of a platform on this machine",
		Long: `list lists the API keys of your account, newest first, and for an administrator with --for ID those of another one.

list --local lists the API keys of all accounts that are not revoked, oldest first, for the owner of the data folder. A key is
recognized by its first characters; the rest of it is stored nowhere but in the file it was written to.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			if !local {
				return c.listKeys(cmd, of, page, asJSON)
			}
			keys, err := d.LocalKeys(cmd.Context(), dataDir)
			if err != nil {
				return err
			}
			if asJSON {
				list := make([]heldKey, len(keys))
				for i := range keys {
					list[i] = held(&keys[i])
				}
				return printJSON(cmd.OutOrStdout(), map[string]any{"data": list})
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "PREFIX\tROLE\tNAME\tCREATED\tACCOUNT\tID")
			for _, k := range keys {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", clean(k.Prefix), k.Role, clean(k.Name), k.CreatedAt.Local().Format(time.DateTime),
					k.AccountID, k.ID)
			}
			return t.Flush()
		}),
	}
	localFlags(cmd, &local, &dataDir, &asJSON)
	cmd.Flags().StringVar(&of, "for", "", "the id of another account, for an administrator")
	page.flags(cmd.Flags())
	return cmd
}

func keysRevokeCommand(c *client) *cobra.Command {
	d := c.deps
	var dataDir, of string
	var local, asJSON bool
	cmd := &cobra.Command{
		Use:   "revoke ID",
		Short: "Revoke an API key of the account, or of a platform on this machine",
		Long: `revoke ID revokes a key of your account for good, and for an administrator with --for ID one of another account. It is refused within
a second, and its event streams end.

revoke --local revokes the one API key with this prefix, or id, as keys list shows them, for good. The platform may be running: it
refuses the key within a second.
` + exitHelp,
		Args: namedArgs,
		RunE: ran(func(cmd *cobra.Command, args []string) error {
			if !local {
				return c.revokeKey(cmd, of, args[0])
			}
			k, err := d.RevokeLocalKey(cmd.Context(), dataDir, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), held(k))
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Revoked the %s key %s… (%s)\n", k.Role, clean(k.Prefix), clean(k.Name))
			return err
		}),
	}
	localFlags(cmd, &local, &dataDir, &asJSON)
	cmd.Flags().StringVar(&of, "for", "", "the id of another account, for an administrator")
	return cmd
}
