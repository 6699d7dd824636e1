package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

func jobsCommand(c *client) *cobra.Command {
	cmd := groupCommand("jobs", "List, watch, cancel and retry jobs")
	cmd.AddCommand(
		jobsListCommand(c),
		jobCommand(c, "get ID", "Print a job", func(a *api, ctx context.Context, id string) (apiclient.Job, error) { return a.GetJob(ctx, id, nil) }),
		jobsActionCommand(c, models.OperationCancel, "Cancel a job, or all that flags name",
			"cancel cancels one job, or, with flags, all jobs that are blocked, queued or running and that all of the flags name.",
			func(a *api, ctx context.Context, id string) (apiclient.Job, error) { return a.CancelJob(ctx, id, nil) }),
		jobsActionCommand(c, models.OperationRetry, "Run a failed or cancelled job again, or all that flags name",
			"retry queues one job again, or, with flags, all jobs that failed or were cancelled and that all of the flags name.",
			func(a *api, ctx context.Context, id string) (apiclient.Job, error) { return a.RetryJob(ctx, id, nil) }),
		jobsWatchCommand(c),
	)
	return cmd
}

func jobsListCommand(c *client) *cobra.Command {
	var asJSON bool
	var filter jobFilter
	var page pageFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List jobs, newest first",
		Args:  cobra.NoArgs,
		PreRunE: ran(func(*cobra.Command, []string) error {
			return filter.check(models.States())
		}),
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			params, err := filter.params(&page, time.Now())
			if err != nil {
				return err
			}
			l, err := a.ListJobs(cmd.Context(), params)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			return printJobs(cmd.OutOrStdout(), l)
		}),
	}
	filter.flags(cmd, models.States())
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// given is nil for the zero value: a filter that was not set.
func given[T ~string](v T) *T {
	if v == "" {
		return nil
	}
	return &v
}

func printJobs(w io.Writer, l apiclient.JobList) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tKIND\tSTATE\tPROGRESS\tATTEMPT\tCREATED\tBY\tERROR")
	for _, j := range l.Data {
		problem := ""
		if j.Error != nil {
			problem = clean(string(j.Error.Code))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d%%\t%d\t%s\t%s\t%s\n", j.ID, j.Kind, j.State, percent(j.Progress), j.Attempt,
			j.CreatedAt.Local().Format(time.DateTime), clean(submitterOf(j.Submitter)), problem)
	}
	return errors.Join(t.Flush(), tellMore(w, l.NextCursor))
}

// submitterOf says who submitted a job.
func submitterOf(by *wire.JobSubmitter) string {
	switch {
	case by == nil:
		return "the platform"
	case by.UserID != nil:
		return "user " + *by.UserID
	case by.KeyID != nil:
		return string(by.Kind) + " " + *by.KeyID
	}
	return string(by.Kind)
}

// jobCommand is a command that does one thing to one job and prints the job.
func jobCommand(c *client, use, short string, do func(*api, context.Context, string) (apiclient.Job, error)) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			job, err := do(a, cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), job)
		}),
	}
}

func jobsWatchCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "watch ID",
		Short: "Follow a job to its end",
		Long:  "watch shows a job's progress until it has ended, and fails when the job does. Interrupting it leaves the job alone.",
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			out := cmd.OutOrStdout()
			show := newProgress(out)
			on := func(ev apiclient.JobEvent) {
				if fraction, stage, ok := stageOf(ev); ok {
					show.show(fraction, "job", stage)
				}
			}
			var printErr error
			if asJSON {
				show = silent{}
				on = func(ev apiclient.JobEvent) {
					if printErr == nil {
						printErr = printJSON(out, ev)
					}
				}
			}
			job, err := a.follow(cmd.Context(), args[0], on)
			show.end()
			switch {
			case err != nil:
				return err
			case printErr != nil:
				return printErr
			case job.State != models.StateSucceeded:
				return failedJob(job)
			case !asJSON:
				_, err = fmt.Fprintf(out, "The %s succeeded.\n", job.Kind)
			}
			return err
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print every event as JSON")
	return cmd
}
