package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/spark-games/spark/models"
)

// LocalKeyOptions choose the data folder that gets a key.
type LocalKeyOptions struct {
	DataDir string // "" leaves it to the environment
	Role    string
	Force   bool // revoke all keys that were made with a different pepper
}

// LocalKey is a new API key, which is in File. Revoked keys were revoked because their pepper is lost.
type LocalKey struct {
	File, Prefix, AccountID string
	Revoked                 int
}

func keysCommand(d Deps) *cobra.Command {
	cmd := groupCommand("keys", "Make API keys")
	cmd.AddCommand(keysCreateCommand(d))
	return cmd
}

func keysCreateCommand(d Deps) *cobra.Command {
	var o LocalKeyOptions
	var local, asJSON bool
	cmd := &cobra.Command{
		Use:   "create --local",
		Short: "Write a new API key to the data folder of a platform on this machine",
		Long: `create --local makes an API key of the platform's first account and writes it to the file api-key in the data folder, for an
owner of that folder who has lost the key. The platform may be running. With --role user or auditor, the key is for somebody else
and is written to the file api-key-user or api-key-auditor: a user works in the account, an auditor sees the queues and the jobs of
all accounts and changes nothing.

If the pepper is lost, with which all keys were hashed, none of them works any more: they are revoked, and the new key gets a
new pepper. If there is a different pepper, that may be a configuration mistake, so revoking them requires --force.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			if !local {
				return usagef("a key is made for the owner of a data folder only: say --local")
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
	f := cmd.Flags()
	f.BoolVar(&local, "local", false, "make it in this machine's data folder, without a server")
	f.StringVar(&o.DataDir, "data-dir", "", "the data folder (SPARK_DATA_DIR)")
	f.StringVar(&o.Role, "role", "admin", "what the key may do: admin, user or auditor")
	f.BoolVar(&o.Force, "force", false, "revoke all keys that were made with a different pepper than the current one")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
