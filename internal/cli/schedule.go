package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func scheduleCommand(c *client) *cobra.Command {
	cmd := groupCommand("schedule", "Submit jobs and pipelines at set times")
	pause := func(paused bool) func(a *api, ctx context.Context, id string) (apiclient.Schedule, error) {
		return func(a *api, ctx context.Context, id string) (apiclient.Schedule, error) {
			return a.ChangeSchedule(ctx, id, apiclient.ScheduleChange{Paused: &paused})
		}
	}
	cmd.AddCommand(
		scheduleListCommand(c), scheduleCreateCommand(c),
		printCommand(c, "get ID", "Print a schedule", func(a *api, ctx context.Context, id string) (apiclient.Schedule, error) {
			return a.GetSchedule(ctx, id)
		}),
		printCommand(c, "pause ID", "Have a schedule submit nothing until it is resumed", pause(true)),
		printCommand(c, "resume ID", "Have a schedule go on with its next time", pause(false)),
		printCommand(c, "run ID", "Submit now what a schedule submits", func(a *api, ctx context.Context, id string) (apiclient.Firing, error) {
			return a.RunSchedule(ctx, id, nil)
		}),
		scheduleHistoryCommand(c), schedulePreviewCommand(c), scheduleDeleteCommand(c),
	)
	return cmd
}

// printCommand prints as JSON what a call with one id answers.
func printCommand[T any](c *client, use, short string, call func(a *api, ctx context.Context, id string) (T, error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			answer, err := call(a, cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), answer)
		}),
	}
}

func scheduleListCommand(c *client) *cobra.Command {
	var asJSON bool
	var project string
	var page pageFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List schedules, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListSchedules(cmd.Context(), &apiclient.ListSchedulesParams{ProjectID: given(project), Limit: &page.limit, Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tCRON\tTIME ZONE\tNEXT\tNAME")
			for _, s := range l.Data {
				next := "paused"
				if len(s.NextRuns) > 0 {
					next = s.NextRuns[0].Local().Format(time.DateTime)
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", s.ID, clean(s.Cron), clean(s.TimeZone), next, clean(s.Name))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	cmd.Flags().StringVar(&project, "project", "", "only schedules of this project")
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func scheduleCreateCommand(c *client) *cobra.Command {
	var cron, zone, job, pipeline, overlap, misfire string
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Make a schedule",
		Long: `create makes a schedule, and prints it. What it submits is JSON as for POST /v1/jobs or POST /v1/pipelines, or "-" to read that from the
standard input:

  spark schedule create nightly --cron "30 2 * * *" --time-zone Europe/Berlin --job '{"kind":"build","project_id":"…"}'
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			body := apiclient.NewSchedule{Name: args[0], Cron: cron, TimeZone: given(zone), Overlap: given(models.ConcurrencyPolicy(overlap)),
				Misfire: given(models.Misfire(misfire))}
			in := cmd.InOrStdin()
			if err := errors.Join(readFlag("job", job, in, &body.Job), readFlag("pipeline", pipeline, in, &body.Pipeline)); err != nil {
				return err
			}
			made, err := a.CreateSchedule(cmd.Context(), nil, body)
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), made)
		}),
	}
	f := cmd.Flags()
	f.StringVar(&cron, "cron", "", `minute, hour, day of the month, month and day of the week, or "@daily" for example`)
	f.StringVar(&zone, "time-zone", "", "by which clock, Europe/Berlin for example; UTC if empty")
	f.StringVar(&job, "job", "", "the job to submit, as JSON")
	f.StringVar(&pipeline, "pipeline", "", "the pipeline to submit, as JSON")
	f.StringVar(&overlap, "overlap", "", "while what it submitted before has not ended: skip, queue or replace")
	f.StringVar(&misfire, "misfire", "", "for times that came while the platform was down: skip or once")
	return cmd
}

// maxFlagInput limits what is read from the standard input for a flag.
const maxFlagInput = 1 << 20

// readFlag reads JSON that a flag gives, or the standard input for "-". "" leaves it.
func readFlag[T any](name, text string, in io.Reader, into **T) error {
	if text == "" {
		return nil
	}
	raw := []byte(text)
	if text == "-" {
		if in == nil {
			in = os.Stdin
		}
		var err error
		if raw, err = io.ReadAll(io.LimitReader(in, maxFlagInput)); err != nil {
			return err
		}
	}
	*into = new(T)
	if err := json.Unmarshal(raw, *into); err != nil {
		return usagef("--%s: %v", name, err)
	}
	return nil
}

func scheduleHistoryCommand(c *client) *cobra.Command {
	var asJSON bool
	var page pageFlags
	cmd := &cobra.Command{
		Use: "history ID", Short: "List what a schedule did, newest first", Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			l, err := a.ListFirings(cmd.Context(), args[0], &apiclient.ListFiringsParams{Limit: &page.limit, Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "DUE\tFIRED\tOUTCOME\tWHAT")
			for _, f := range l.Data {
				what := ""
				switch {
				case f.JobID != nil:
					what = "job " + *f.JobID
				case f.PipelineID != nil:
					what = "pipeline " + *f.PipelineID
				case f.Error != nil:
					what = fmt.Sprintf("%s [%s]", f.Error.Message, f.Error.Code)
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.DueAt.Local().Format(time.DateTime), f.FiredAt.Local().Format(time.DateTime),
					clean(string(f.Outcome)), clean(what))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func schedulePreviewCommand(c *client) *cobra.Command {
	var zone string
	cmd := &cobra.Command{
		Use: "preview CRON", Short: "Print when an expression would be due", Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			runs, err := a.PreviewSchedule(cmd.Context(), apiclient.ScheduleTimes{Cron: args[0], TimeZone: given(zone)})
			for _, at := range runs.NextRuns {
				fmt.Fprintln(cmd.OutOrStdout(), at.UTC().Format(time.RFC3339))
			}
			return err
		}),
	}
	cmd.Flags().StringVar(&zone, "time-zone", "", "by which clock, Europe/Berlin for example; UTC if empty")
	return cmd
}

func scheduleDeleteCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use: "delete ID", Short: "Delete a schedule with its history", Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if err := a.DeleteSchedule(cmd.Context(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "Deleted.")
			return err
		}),
	}
}
