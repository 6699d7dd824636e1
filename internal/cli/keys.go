package cli

import (
	"errors"
	"fmt"
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

func keysCommand(d Deps) *cobra.Command {
	cmd := groupCommand("keys", "Make, list and revoke API keys")
	cmd.AddCommand(keysCreateCommand(d), keysListCommand(d), keysRevokeCommand(d))
	return cmd
}

// localFlags are the flags of every command about keys.
func localFlags(cmd *cobra.Command, local *bool, dataDir *string, asJSON *bool) {
	f := cmd.Flags()
	f.BoolVar(local, "local", false, "work on this machine's data folder, without a server")
	f.StringVar(dataDir, "data-dir", "", "the data folder (SPARK_DATA_DIR)")
	f.BoolVar(asJSON, "json", false, "print JSON")
}

var errNotLocal = usagef("keys are made, listed and revoked by the owner of a data folder only: say --local")

func keysCreateCommand(d Deps) *cobra.Command {
	var o LocalKeyOptions
	var local, asJSON bool
	cmd := &cobra.Command{
		Use:   "create --local",
		Short: "Write a new API key to the data folder of a platform on this machine",
		Long: `create --local makes an API key of the platform's first account and writes it to the file api-key in the data folder, for an
owner of that folder who has lost the key. The platform may be running. With --role user or auditor, the key is for somebody else
and is written to the file api-key-user or api-key-auditor: a user works in the account, an auditor sees the queues and the jobs of
all accounts and changes nothing. A file with an earlier key that still works is replaced only with --force; the earlier key keeps
working until it is revoked.

If the pepper is lost, with which all keys were hashed, none of them works any more: they are revoked, and the new key gets a
new pepper. If there is a different pepper, that may be a configuration mistake, so revoking them requires --force.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			if !local {
				return errNotLocal
			}
			if !models.Role(o.Role).Valid() {
				return usagef("no such role: %q; there are admin, user and auditor", o.Role)
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
	f.StringVar(&o.Role, "role", "admin", "what the key may do: admin, user or auditor")
	f.BoolVar(&o.Force, "force", false, "admin: revoke all keys that were made with a different pepper than the current one; user, auditor: "+
		"replace the file of an earlier key")
	return cmd
}

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

func keysListCommand(d Deps) *cobra.Command {
	var dataDir string
	var local, asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the API keys of a platform on this machine that work",
		Long: `list --local lists the API keys of all accounts that are not revoked, oldest first, for the owner of the data folder. A key is
recognized by its first characters; the rest of it is stored nowhere but in the file it was written to.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			if !local {
				return errNotLocal
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
	return cmd
}

func keysRevokeCommand(d Deps) *cobra.Command {
	var dataDir string
	var local, asJSON bool
	cmd := &cobra.Command{
		Use:   "revoke PREFIX",
		Short: "Revoke an API key of a platform on this machine",
		Long: `revoke --local revokes the one API key with this prefix, or id, as keys list shows them, for good. The platform may be running: it
refuses the key within a second.
` + exitHelp,
		Args: namedArgs,
		RunE: ran(func(cmd *cobra.Command, args []string) error {
			if !local {
				return errNotLocal
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
	return cmd
}
