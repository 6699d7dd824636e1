package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func pipelineCommand(c *client) *cobra.Command {
	cmd := groupCommand("pipeline", "Submit, list, watch, cancel and retry pipelines")
	cmd.AddCommand(
		pipelineSubmitCommand(c),
		onePipelineCommand(c, "get ID", "Print a pipeline and its jobs",
			func(a *api, ctx context.Context, id string) (apiclient.Pipeline, error) {
				return a.GetPipeline(ctx, id, nil)
			}),
		pipelineListCommand(c),
		pipelineWatchCommand(c),
		onePipelineCommand(c, "cancel ID", "Cancel the jobs of a pipeline that have not ended",
			func(a *api, ctx context.Context, id string) (apiclient.Pipeline, error) {
				return a.CancelPipeline(ctx, id, nil)
			}),
		onePipelineCommand(c, "retry ID", "Run the failed and cancelled jobs of a pipeline again",
			func(a *api, ctx context.Context, id string) (apiclient.Pipeline, error) {
				return a.RetryPipeline(ctx, id, nil)
			}),
	)
	return cmd
}

func onePipelineCommand(c *client, use, short string, do func(*api, context.Context, string) (apiclient.Pipeline, error)) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			p, err := do(a, cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), p)
		}),
	}
}

// maxPipelineFile is as much as the API takes.
const maxPipelineFile = 1 << 20

func pipelineSubmitCommand(c *client) *cobra.Command {
	var asJSON, watch bool
	var project string
	cmd := &cobra.Command{
		Use:   "submit FILE",
		Short: "Submit a pipeline and print its id",
		Long: `submit reads a pipeline as JSON, as POST /v1/pipelines takes it, from a file or, with "-", from the standard input.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			body, err := readPipeline(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			if project != "" {
				body.ProjectID = &project
			}
			p, err := a.SubmitPipeline(cmd.Context(), nil, body)
			switch {
			case err != nil:
				return err
			case watch:
				return watchPipeline(cmd, a, p.ID, asJSON)
			case asJSON:
				return printJSON(cmd.OutOrStdout(), p)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), p.ID)
			return err
		}),
	}
	f := cmd.Flags()
	f.StringVar(&project, "project", "", "the id of the project, in place of what the file says")
	f.BoolVar(&watch, "watch", false, "follow it to its end")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func readPipeline(stdin io.Reader, name string) (p apiclient.NewPipeline, err error) {
	return p, readFile(stdin, name, "pipeline", &p)
}

func pipelineListCommand(c *client) *cobra.Command {
	var asJSON bool
	var project, endUser string
	var page pageFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List pipelines, newest first",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListPipelines(cmd.Context(), &apiclient.ListPipelinesParams{Limit: &page.limit, Cursor: given(page.cursor), ProjectID: given(project),
				EndUser: given(endUser)})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tSTATE\tPROJECT\tCREATED\tJOBS")
			for _, p := range l.Data {
				var states []string
				for _, state := range slices.Sorted(maps.Keys(p.Jobs)) {
					if p.Jobs[state] > 0 {
						states = append(states, fmt.Sprintf("%d %s", p.Jobs[state], clean(state)))
					}
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", p.ID, clean(string(p.State)), p.ProjectID, p.CreatedAt.Local().Format(time.DateTime),
					strings.Join(states, ", "))
			}
			return errors.Join(t.Flush(), tellMore(cmd.OutOrStdout(), l.NextCursor))
		}),
	}
	f := cmd.Flags()
	f.StringVar(&project, "project", "", "only pipelines of this project")
	f.StringVar(&endUser, "end-user", "", "only pipelines for this end user")
	page.flags(f)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func pipelineWatchCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "watch ID",
		Short: "Follow a pipeline to its end",
		Long:  "watch shows the progress of a pipeline's jobs until all have ended, and fails when one does. Interrupting it leaves them alone.",
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			return watchPipeline(cmd, a, args[0], asJSON)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print every event as JSON")
	return cmd
}

func watchPipeline(cmd *cobra.Command, a *api, id string, asJSON bool) error {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	before, err := a.GetPipeline(ctx, id, nil)
	if err != nil {
		return err
	}
	steps := make(map[string]string, len(before.Jobs))
	for _, j := range before.Jobs {
		steps[j.ID] = stepName(j)
	}
	show := newProgress(out)
	done := make(map[string]float64, len(steps))
	for event, err := range a.FollowPipeline(ctx, id, 0) {
		if err != nil {
			show.end()
			return err
		}
		if asJSON {
			if err := printJSON(out, event); err != nil {
				return err
			}
			continue
		}
		if event.JobID == nil { // an approval
			show.show(progressOf(done, len(steps)), "approval", string(event.Type))
			continue
		}
		id := *event.JobID
		fraction, stage, ok := stageOf(apiclient.JobEvent{Type: event.Type, Data: event.Data})
		if !ok {
			stage = string(event.Type)
		}
		done[id] = max(done[id], fraction)
		if event.Type == models.EventSucceeded {
			done[id] = 1
		}
		show.show(progressOf(done, len(steps)), steps[id], stage)
	}
	show.end()
	p, err := a.GetPipeline(ctx, id, nil)
	if err != nil {
		return err
	}
	for _, j := range p.Jobs {
		if j.State != models.StateSucceeded && j.Error != nil && j.Error.Code != models.CodeDependencyFailed {
			return failedJob(j)
		}
	}
	if !asJSON {
		_, err = fmt.Fprintf(out, "The pipeline is %s.\n", clean(string(p.State)))
	}
	return err
}

// progressOf is how far all steps are together.
func progressOf(done map[string]float64, steps int) float64 {
	total := 0.0
	for _, f := range done {
		total += f
	}
	return total / float64(max(steps, 1))
}

// stepName is what a pipeline calls a job.
func stepName(j apiclient.Job) string {
	if j.Step != nil && *j.Step != "" {
		return *j.Step
	}
	return string(j.Kind)
}
