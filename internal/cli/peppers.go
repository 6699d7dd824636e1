package cli

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// PepperUse is how many keys that work were hashed with one of the configured peppers.
type PepperUse struct {
	Pepper string `json:"pepper"`
	Keys   int    `json:"keys"`
}

func keysPeppersCommand(d Deps) *cobra.Command {
	var dataDir string
	var revoke, asJSON bool
	cmd := &cobra.Command{
		Use:   "peppers",
		Short: "Tell how many API keys were hashed with each pepper of a platform on this machine",
		Long: `peppers tells how many API keys that work were hashed with the current pepper, with each of those that are accepted besides
(keys.accepted_peppers), and with one that is not configured any more. A key is hashed with the current pepper when it is used.
An accepted pepper that no key was hashed with may be removed.

--revoke revokes the keys whose pepper is not configured any more, with which the platform does not start.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			if d.Peppers == nil {
				return errors.New("this program has no peppers")
			}
			uses, revoked, err := d.Peppers(cmd.Context(), dataDir, revoke)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, map[string]any{"data": uses, "revoked": revoked})
			}
			if revoke {
				fmt.Fprintf(out, "Keys revoked: %d.\n", revoked)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "PEPPER\tKEYS")
			for _, u := range uses {
				fmt.Fprintf(t, "%s\t%d\n", clean(u.Pepper), u.Keys)
			}
			return t.Flush()
		}),
	}
	f := cmd.Flags()
	f.StringVar(&dataDir, "data-dir", "", "the data folder (SPARK_DATA_DIR)")
	f.BoolVar(&revoke, "revoke", false, "revoke the keys whose pepper is not configured any more")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
