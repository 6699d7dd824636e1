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

func adminFlowCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "flow",
		Short: "Tell whether work is flowing, and which limit binds",
		Long: `flow says in one sentence whether the jobs that could run do, and lists every limit that keeps some waiting, the most urgent first.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			f, err := a.GetFlow(cmd.Context())
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, f)
			}
			fmt.Fprintf(out, "%s\n\n%s %d due, %d dispatched, %d running in %d slots of %d workers, %d ended in the last minute.\n", clean(f.Sentence),
				atLeast(f.Waiting, f.More)+" waiting:", f.Due, f.Dispatched, f.Running, f.Slots, f.Workers, f.EndedLastMinute)
			if len(f.Limits) == 0 {
				return nil
			}
			fmt.Fprintln(out)
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "LIMIT\tBLOCKS\tKIND\tJOBS\tWHAT")
			for _, l := range f.Limits {
				fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\n", clean(string(l.Limit)), yesNo(l.Blocks), clean(orDash(l.Kind)), l.Jobs, clean(l.Sentence))
			}
			return t.Flush()
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// atLeast is a number that may have been counted only so far.
func atLeast(n int, more bool) string {
	if more {
		return fmt.Sprintf("%d or more", n)
	}
	return fmt.Sprint(n)
}

func adminQueuesCommand(c *client) *cobra.Command {
	cmd := groupCommand("queues", "List the queues, and pause and resume a kind of jobs")
	var reason string
	pause := pauseCommand(c, "pause KIND", "Start no more jobs of a kind; those that run go on",
		func(a *api, ctx context.Context, kind string) (string, error) {
			p, err := a.PauseKind(ctx, kind, nil, apiclient.PauseReason{Reason: given(reason)})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("Paused %s since %s.", p.Kind, p.PausedAt.Local().Format(time.DateTime)), nil
		})
	pause.Flags().StringVar(&reason, "reason", "", "why, for those who will ask")
	resume := pauseCommand(c, "resume KIND", "Start jobs of a kind again", func(a *api, ctx context.Context, kind string) (string, error) {
		p, err := a.ResumeKind(ctx, kind, nil)
		return fmt.Sprintf("Resumed %s.", p.Kind), err
	})
	for _, one := range []*cobra.Command{pause, resume} {
		one.ValidArgsFunction = completing(models.Kinds())
		one.PreRunE = ran(func(_ *cobra.Command, args []string) error {
			return knownWord("KIND", args[0], namesOf(models.Kinds()))
		})
	}
	cmd.AddCommand(queuesListCommand(c), pause, resume)
	return cmd
}

// knownWord refuses an argument that is not one of the known ones.
func knownWord(name, word string, all []string) error {
	if slices.Contains(all, word) {
		return nil
	}
	return usagef("%s %s: it is one of %s%s", name, clean(word), orList(all), didYouMean(word, all))
}

// pauseCommand is a command that does something to one thing and says what.
func pauseCommand(c *client, use, short string, do func(*api, context.Context, string) (string, error)) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			said, err := do(a, cmd.Context(), args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), clean(said))
			return err
		}),
	}
}

func queuesListCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the queues: what waits and runs, how old the oldest is, how fast it drains",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListQueues(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			return printQueues(cmd.OutOrStdout(), l)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printQueues(w io.Writer, l apiclient.QueueList) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KIND\tPRIORITY\tDUE\tLATER\tBLOCKED\tSUSPECTS\tDISPATCHED\tRUNNING\tSLOTS\tOLDEST\tA SECOND\tDRAINED IN\tPAUSED")
	var held []string
	for _, q := range l.Data {
		paused := "no"
		switch {
		case q.Paused:
			paused = "yes"
			if q.PausedReason != nil {
				paused += ": " + clean(*q.PausedReason)
			}
		case q.TransportPaused != nil && *q.TransportPaused:
			paused = "in Redis"
		}
		drained := "-"
		if q.DrainedInSeconds != nil {
			drained = span(*q.DrainedInSeconds)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%.2g\t%s\t%s\n", q.Kind, q.Priority, atLeast(q.Due, q.More), q.Scheduled, q.Blocked, q.Suspects,
			q.Dispatched, q.Running, q.Slots, span(q.OldestSeconds), q.DrainRate, drained, paused)
		for _, a := range q.Accounts {
			if a.HeldBy != nil {
				held = append(held, fmt.Sprintf("%s, %s: account %s (weight %d) waits for %s, with %d running: %s", q.Kind, q.Priority, a.AccountID, a.Weight,
					span(a.OldestSeconds), a.Running, clean(*a.HeldBy)))
			}
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, line := range held {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// span is a number of seconds for people.
func span(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

func adminJobsCommand(c *client) *cobra.Command {
	cmd := groupCommand("jobs", "Find jobs that seem to be stuck, and cancel and retry those of any account")
	cmd.AddCommand(
		stuckCommand(c),
		jobCommand(c, "cancel ID", "Cancel a job of any account", func(a *api, ctx context.Context, id string) (apiclient.Job, error) {
			return a.CancelAnyJob(ctx, id, nil)
		}),
		jobCommand(c, "retry ID", "Run a failed or cancelled job of any account again", func(a *api, ctx context.Context, id string) (apiclient.Job, error) {
			return a.RetryAnyJob(ctx, id, nil)
		}),
	)
	return cmd
}

func stuckCommand(c *client) *cobra.Command {
	var asJSON bool
	var reason string
	var older time.Duration
	limit := 20
	cmd := &cobra.Command{
		Use:   "stuck",
		Short: "List jobs of all accounts that seem to be stuck, and poisonous ones",
		Args:  cobra.NoArgs,
		PreRunE: ran(func(*cobra.Command, []string) error {
			return oneOf("reason", models.StuckReason(reason), models.StuckReasons())
		}),
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListStuckJobs(cmd.Context(), &apiclient.ListStuckJobsParams{Reason: given(models.StuckReason(reason)),
				OlderThan: new(int(older.Seconds())), Limit: &limit})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "REASON\tID\tACCOUNT\tKIND\tSINCE\tATTEMPT\tDEATHS\tALONE\tSTAGE\tWORKER")
			for _, j := range l.Data {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n", j.Reason, j.ID, j.AccountID, j.Kind, j.Since.Local().Format(time.DateTime),
					j.Attempt, j.WorkerDeaths, j.DeathsAlone, clean(j.Stage), clean(orDash(j.Worker)))
			}
			return t.Flush()
		}),
	}
	f := cmd.Flags()
	f.StringVar(&reason, "reason", "", "only those: "+orList(namesOf(models.StuckReasons())))
	older = 5 * time.Minute
	f.Var((*age)(&older), "older-than", `for how long nothing must have happened, "10m" for example`)
	f.IntVar(&limit, "limit", limit, "how many of each reason, at most 100")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	complete(cmd, "reason", completing(models.StuckReasons()))
	return cmd
}

func adminWorkersCommand(c *client) *cobra.Command {
	cmd := groupCommand("workers", "List the workers, and drain and resume them")
	set := func(use, short string, do func(*api, context.Context, string) (apiclient.Worker, error)) *cobra.Command {
		return pauseCommand(c, use, short, func(a *api, ctx context.Context, id string) (string, error) {
			w, err := do(a, ctx, id)
			return fmt.Sprintf("The worker %s is %s, with %d jobs.", w.Name, w.State, w.Busy), err
		})
	}
	cmd.AddCommand(workersListCommand(c),
		set("drain ID", "Have a worker take no more jobs, while those that it has run to their end",
			func(a *api, ctx context.Context, id string) (apiclient.Worker, error) {
				return a.DrainWorker(ctx, id, nil)
			}),
		set("resume ID", "Have a drained worker take jobs again",
			func(a *api, ctx context.Context, id string) (apiclient.Worker, error) {
				return a.ResumeWorker(ctx, id, nil)
			}))
	return cmd
}

func workersListCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the workers, what they run, and their sandboxes",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListWorkers(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tSTATE\tJOBS\tRUNNING OF SLOTS\tSANDBOXES\tSTARTED\tSEEN\tNAME")
			for _, w := range l.Data {
				fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s ago\t%s\n", w.ID, clean(w.State), w.Busy, clean(slotsText(w)), clean(sandboxText(w.Sandboxes)),
					w.StartedAt.Local().Format(time.DateTime), time.Since(w.SeenAt).Round(time.Second), clean(w.Name))
			}
			return errors.Join(t.Flush(), tellMore(cmd.OutOrStdout(), l.NextCursor))
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// slotsText is "build 1 of 2, export 0 of 4".
func slotsText(w apiclient.Worker) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(w.Slots)) {
		parts = append(parts, fmt.Sprintf("%s %d of %d", kind, w.Running[kind], w.Slots[kind]))
	}
	return strings.Join(parts, ", ")
}

// sandboxText is "2 running, 1 warm".
func sandboxText(all *[]apiclient.PoolSandbox) string {
	if all == nil || len(*all) == 0 {
		return "-"
	}
	states := make(map[string]int)
	for _, s := range *all {
		states[s.State]++
	}
	var parts []string
	for _, state := range slices.Sorted(maps.Keys(states)) {
		parts = append(parts, fmt.Sprintf("%d %s", states[state], state))
	}
	return strings.Join(parts, ", ")
}

// accountPauseCommands pause and resume an account.
func accountPauseCommands(c *client) []*cobra.Command {
	set := func(use, short string, do func(*api, context.Context, string) (apiclient.Account, error)) *cobra.Command {
		return pauseCommand(c, use, short, func(a *api, ctx context.Context, id string) (string, error) {
			account, err := do(a, ctx, id)
			return fmt.Sprintf("The account %s is %s.", account.ID, account.State), err
		})
	}
	return []*cobra.Command{
		set("pause ID", "Start no more jobs of an account: they are accepted and wait",
			func(a *api, ctx context.Context, id string) (apiclient.Account, error) {
				return a.PauseAccount(ctx, id, nil)
			}),
		set("resume ID", "Start jobs of a paused account again",
			func(a *api, ctx context.Context, id string) (apiclient.Account, error) {
				return a.ResumeAccount(ctx, id, nil)
			}),
	}
}
