package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// LocalKeyOptions choose the data folder that gets a key.
type LocalKeyOptions struct {
	DataDir string // "" leaves it to the environment
	Force   bool   // give up all keys that were made under another pepper
}

// LocalKey is an API key that was made: it is in File. Revoked keys were given up with their pepper.
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
		Short: "Put a new admin's API key into the data folder of a platform on this machine",
		Long: `create --local makes an API key of the platform's first account and puts it into the file api-key of the data folder, for
who owns that folder and has lost the key. The platform may run meanwhile.

When the pepper is lost, under which all keys were hashed, none of them works any more: they are given up, and a new pepper
comes with the new key. A pepper that is there and is another one may be a mistake of the configuration, so this takes --force.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			if !local {
				return usagef("a key is made for the owner of a data folder only: say --local")
			}
			if d.CreateLocalKey == nil {
				return errors.New("this program has no platform to make a key of")
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
				fmt.Fprintf(out, "Keys given up, since their pepper is lost: %d.\n", k.Revoked)
			}
			_, err = fmt.Fprintf(out, "A new API key (%s…) is in %s\n", k.Prefix, k.File)
			return err
		}),
	}
	f := cmd.Flags()
	f.BoolVar(&local, "local", false, "make it on this machine's data folder, without a server")
	f.StringVar(&o.DataDir, "data-dir", "", "the data folder (SPARK_DATA_DIR)")
	f.BoolVar(&o.Force, "force", false, "give up all keys that were made under another pepper than the one that is there")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
