package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// bulkFlags say which jobs a command is about.
type bulkFlags struct {
	jobFilter
	all, dryRun, asJSON, detach bool
}

func (b *bulkFlags) flags(cmd *cobra.Command, action models.OperationAction) {
	b.jobFilter.flags(cmd, action.From())
	f := cmd.Flags()
	f.BoolVar(&b.all, "all", false, "all jobs of the account")
	f.BoolVar(&b.dryRun, "dry-run", false, "only count them")
	f.BoolVar(&b.detach, "detach", false, "do not wait for the end")
	f.BoolVar(&b.asJSON, "json", false, "print the operation as JSON at its end")
}

func (b *bulkFlags) operation(action models.OperationAction, now time.Time) (apiclient.NewJobOperation, error) {
	o := apiclient.NewJobOperation{Action: action}
	if b.dryRun {
		o.DryRun = &b.dryRun
	}
	if b.all {
		o.All = &b.all
	}
	f, err := b.read(now)
	if f != (apiclient.JobFilter{}) {
		o.Filter = &f
	}
	return o, err
}

// jobsActionCommand does something to one job, or to all that flags name.
func jobsActionCommand(c *client, action models.OperationAction, short, long string,
	one func(*api, context.Context, string) (apiclient.Job, error),
) *cobra.Command {
	var b bulkFlags
	cmd := &cobra.Command{
		Use:   string(action) + " [ID]",
		Short: short,
		Long:  long + "\n" + exitHelp,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil // flags say which
			}
			return namedArgs(cmd, args)
		},
		PreRunE: ran(func(cmd *cobra.Command, args []string) error {
			switch many := filtering(cmd.Flags()) || b.all; {
			case many && len(args) > 0:
				return usagef("either ID or flags that say which jobs")
			case !many && len(args) == 0:
				return usagef("ID is missing, or a flag that says which jobs; --all is all of them\nRun '%s --help' for what there is.", cmd.CommandPath())
			}
			return b.check(action.From())
		}),
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if len(args) > 0 {
				job, err := one(a, cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), job)
			}
			return b.run(cmd, a, action)
		}),
	}
	b.flags(cmd, action)
	return cmd
}

// run makes the operation and shows how far it is until it has ended. Interrupting it leaves the operation alone.
func (b *bulkFlags) run(cmd *cobra.Command, a *api, action models.OperationAction) error {
	out := cmd.OutOrStdout()
	asked, err := b.operation(action, time.Now())
	if err != nil {
		return err
	}
	o, err := a.CreateOperation(cmd.Context(), nil, asked)
	if err != nil {
		return err
	}
	show := newProgress(out)
	if b.asJSON {
		show = silent{}
	}
	for !b.detach && o.State == models.OperationRunning {
		show.show(fractionOf(&o), string(action), stageOfOperation(&o))
		// An answer comes at each step, or after some seconds.
		if o, err = a.GetOperation(cmd.Context(), o.ID, &apiclient.GetOperationParams{Prefer: new("wait=2")}); err != nil {
			show.end()
			return fmt.Errorf("operation %s goes on: %w", o.ID, err)
		}
	}
	show.end()
	if b.asJSON {
		if err := printJSON(out, o); err != nil {
			return err
		}
	} else if err := printOperation(out, &o); err != nil {
		return err
	}
	if o.Error != nil {
		return errors.New("the operation failed: " + clean(o.Error.Message))
	}
	return nil
}

// fractionOf is how much of an operation is done.
func fractionOf(o *apiclient.JobOperation) float64 {
	if !o.Counted || o.Matched == 0 {
		return 0
	}
	return min(1, float64(o.Done+o.Along+o.Skipped+o.Failed)/float64(o.Matched))
}

func stageOfOperation(o *apiclient.JobOperation) string {
	if !o.Counted {
		return fmt.Sprintf("counted %d", o.Matched)
	}
	return fmt.Sprintf("%d of %d", min(o.Done+o.Along+o.Skipped+o.Failed, o.Matched), o.Matched)
}

func printOperation(w io.Writer, o *apiclient.JobOperation) error {
	if o.DryRun {
		_, err := fmt.Fprintf(w, "%d jobs would be %s.\n", o.Matched, pastOf(o.Action))
		return err
	}
	if o.State == models.OperationRunning {
		_, err := fmt.Fprintf(w, "The operation %s is under way: spark operations get %s\n", o.ID, o.ID)
		return err
	}
	_, err := fmt.Fprintf(w, "%s: %d jobs %s, %d along with them, %d skipped, %d failed, of %d that matched (operation %s).\n",
		clean(string(o.State)), o.Done, pastOf(o.Action), o.Along, o.Skipped, o.Failed, o.Matched, o.ID)
	for _, code := range slices.Sorted(maps.Keys(o.Reasons)) {
		_, more := fmt.Fprintf(w, "  skipped as %s: %d\n", clean(code), o.Reasons[code])
		err = errors.Join(err, more)
	}
	return err
}

func pastOf(a models.OperationAction) string {
	if a == models.OperationRetry {
		return "retried"
	}
	return "cancelled"
}

func operationsCommand(c *client) *cobra.Command {
	cmd := groupCommand("operations", "List operations on many jobs, and stop them")
	cmd.AddCommand(operationsListCommand(c),
		printCommand(c, "get ID", "Print an operation", func(a *api, ctx context.Context, id string) (apiclient.JobOperation, error) {
			return a.GetOperation(ctx, id, nil)
		}),
		printCommand(c, "cancel ID", "Have an operation go no further; what it has done stays",
			func(a *api, ctx context.Context, id string) (apiclient.JobOperation, error) {
				return a.CancelOperation(ctx, id, nil)
			}))
	return cmd
}

func operationsListCommand(c *client) *cobra.Command {
	var asJSON bool
	var project string
	var page pageFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List operations, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			params := &apiclient.ListOperationsParams{ProjectID: given(project), Limit: &page.limit, Cursor: given(page.cursor)}
			l, err := a.ListOperations(cmd.Context(), params)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tACTION\tSTATE\tMATCHED\tDONE\tALONG\tSKIPPED\tFAILED\tCREATED")
			for _, o := range l.Data {
				action := string(o.Action)
				if o.DryRun {
					action += " (dry run)"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\n", o.ID, clean(action), clean(string(o.State)), o.Matched, o.Done, o.Along, o.Skipped,
					o.Failed, o.CreatedAt.Local().Format(time.DateTime))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	f := cmd.Flags()
	f.StringVar(&project, "project", "", "only those about the jobs of this project alone")
	page.flags(f)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
