package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// Schema is how the schema of a database compares to what this program needs.
type Schema struct {
	Version int64 `json:"version"` // the newest migration that the database has; 0 if it has none
	Program int64 `json:"program"` // the newest that the program has

	Pending   []int64 `json:"pending"`    // migrations that the database lacks
	NeedsStop bool    `json:"needs_stop"` // one of them must be applied while no process of the platform runs

	Newer []int64 `json:"newer"` // migrations that the program does not know
	Unfit []int64 `json:"unfit"` // those of them on which it does not work
}

func migrateCommand(d Deps) *cobra.Command {
	var dataDir string
	var status, asJSON bool
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the schema of the database up to date",
		Long: `migrate applies the migrations that the database lacks, of the database that SPARK_DATABASE_URL names or of the one in the data
folder. Run it with the new version before its processes start; those of the old version keep running meanwhile. If a migration needs
stopped processes, it is refused as long as jobs are running, and nothing is changed. A migration that was interrupted has done
nothing: run it again.

With --status, it only says how the schema stands.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			if status {
				s, err := d.SchemaStatus(cmd.Context(), dataDir)
				if err != nil {
					return err
				}
				if asJSON {
					for _, list := range []*[]int64{&s.Pending, &s.Newer, &s.Unfit} {
						*list = append([]int64{}, *list...) // an empty one is [], not null
					}
					return printJSON(out, s)
				}
				_, err = fmt.Fprint(out, s)
				return err
			}
			applied, err := d.Migrate(cmd.Context(), dataDir)
			if err != nil {
				if len(applied) > 0 {
					err = fmt.Errorf("%w (applied before: %s)", err, numbers(applied))
				}
				return err
			}
			switch {
			case asJSON:
				return printJSON(out, map[string]any{"applied": append([]int64{}, applied...)})
			case len(applied) == 0:
				_, err = fmt.Fprintln(out, "The schema is up to date.")
			default:
				_, err = fmt.Fprintf(out, "The schema is up to date. Migrations applied: %s.\n", numbers(applied))
			}
			return err
		}),
	}
	f := cmd.Flags()
	f.StringVar(&dataDir, "data-dir", "", "the data folder, if the database is there (SPARK_DATA_DIR)")
	f.BoolVar(&status, "status", false, "say how the schema stands, and change nothing")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// String is the status as people read it.
func (s Schema) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "The schema has version %d; this program has version %d.\n", s.Version, s.Program)
	switch {
	case len(s.Unfit) > 0:
		fmt.Fprintf(&b, "This program is too old for it: it does not know %s.\n", numbers(s.Unfit))
	case len(s.Newer) > 0:
		fmt.Fprintf(&b, "A newer version has applied %s, with which this program works.\n", numbers(s.Newer))
	}
	switch {
	case len(s.Pending) == 0:
		b.WriteString("No migration is pending.\n")
	case s.Version == 0:
		fmt.Fprintf(&b, "The database is empty; pending: %s. Run spark migrate.\n", numbers(s.Pending))
	case s.NeedsStop:
		fmt.Fprintf(&b, "Pending: %s. Stop every api, worker and scheduler before you run spark migrate.\n", numbers(s.Pending))
	default:
		fmt.Fprintf(&b, "Pending: %s. Run spark migrate; no process needs to stop.\n", numbers(s.Pending))
	}
	return b.String()
}

func numbers(all []int64) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(words, ", ")
}
