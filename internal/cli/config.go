package cli

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/spark-games/spark/internal/platform/config"
)

func configCommand(d Deps) *cobra.Command {
	cmd := groupCommand("config", "Check and explain the configuration")
	var asJSON, all bool
	check := &cobra.Command{
		Use:   "check",
		Short: "Check spark.yaml and the environment, and explain every setting",
		Long: `check reads the file that SPARK_CONFIG names, or spark.yaml in this folder, and the environment, which overrides it. It prints what
is wrong, and what is set: the value, where it comes from, and what it does. --all prints the defaults too. Secrets are never printed.

A setting's variable is made from its name: http.max_connections is SPARK_HTTP_MAX_CONNECTIONS.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			if d.CheckConfig == nil {
				return errors.New("this program has no configuration")
			}
			r := d.CheckConfig()
			if asJSON {
				if err := printJSON(cmd.OutOrStdout(), r); err != nil {
					return err
				}
			} else if err := printReport(cmd, r, all); err != nil {
				return err
			}
			if len(r.Problems) > 0 {
				return usagef("the configuration is not valid")
			}
			return nil
		}),
	}
	check.Flags().BoolVar(&asJSON, "json", false, "print JSON, with every setting")
	check.Flags().BoolVar(&all, "all", false, "print settings that have their default, too")
	cmd.AddCommand(check)
	return cmd
}

func printReport(cmd *cobra.Command, r config.Report, all bool) error {
	out := cmd.OutOrStdout()
	for _, p := range r.Problems {
		fmt.Fprintln(cmd.ErrOrStderr(), clean(p))
	}
	for _, n := range r.Notes {
		fmt.Fprintln(cmd.ErrOrStderr(), "note:", clean(n))
	}
	fmt.Fprintf(out, "File: %s\n\n", clean(cmp.Or(r.File, "none (spark.yaml is not in this folder)")))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SETTING\tVALUE\tFROM\tWHAT IT DOES")
	for _, s := range r.Settings {
		if all || s.From != defaultOrigin {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", clean(s.Name), clean(cmp.Or(s.Value, "-")), clean(s.From), strings.TrimSpace(s.Help))
		}
	}
	return t.Flush()
}

var defaultOrigin = config.Origin{}.String()
