package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	apiclient "github.com/spark-games/spark/client"
)

// poolEvery is how often the view is redrawn: workers publish their state once a second.
const poolEvery = time.Second

func poolCommand(c *client) *cobra.Command {
	var asJSON, once bool
	cmd := &cobra.Command{
		Use:   "pool",
		Short: "Watch the workers' sandboxes",
		Long: `pool shows the sandboxes of every worker: how many of each engine are in which state, how long builds waited for one,
how many found one ready (warm) or did not (cold), what was killed and why, and which job has which sandbox. On a terminal it
is redrawn every second until it is interrupted; elsewhere, and with --once, it is printed once. It takes an admin's key.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			out := cmd.OutOrStdout()
			screen, live := out.(*os.File)
			if live = live && term.IsTerminal(int(screen.Fd())) && !once && !asJSON; live {
				return a.watchPool(cmd.Context(), out, func() (int, int, error) { return term.GetSize(int(screen.Fd())) })
			}
			l, err := a.pool(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(out, l)
			}
			return drawPool(out, l.Data, time.Now())
		}),
	}
	cmd.Flags().BoolVar(&once, "once", false, "print it once")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it once, as JSON")
	return cmd
}

func (a *api) pool(ctx context.Context) (apiclient.PoolWorkerList, error) {
	return a.GetPool(ctx)
}

// watchPool redraws the pool until it is interrupted. While the server does not answer, it says so and retries.
func (a *api) watchPool(ctx context.Context, w io.Writer, size func() (width, height int, err error)) error {
	tick := time.NewTicker(poolEvery)
	defer tick.Stop()
	drawn := 0 // lines
	for first := true; ; first = false {
		l, err := a.pool(ctx)
		if ctx.Err() != nil {
			return nil // leaving a view is no failure
		}
		if err != nil && first {
			return err
		}
		var frame bytes.Buffer
		if err != nil {
			fmt.Fprintf(&frame, "%s\n", clean(describe(err)))
		} else if err := drawPool(&frame, l.Data, time.Now()); err != nil {
			return err
		}
		width, height, err := size()
		if err != nil || width <= 0 || height <= 0 {
			width, height = 80, 24
		}
		lines := strings.Split(strings.TrimSuffix(frame.String(), "\n"), "\n")
		lines = lines[:min(len(lines), max(height-1, 1))]
		var b strings.Builder
		if drawn > 0 {
			fmt.Fprintf(&b, "\x1b[%dF", drawn)
		}
		for _, line := range lines {
			b.WriteString(cut(line, width) + "\x1b[K\n")
		}
		b.WriteString("\x1b[J")
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
		drawn = len(lines)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// drawPool writes one view of the pool. Text from the server cannot move the cursor.
func drawPool(w io.Writer, workers []apiclient.PoolWorker, now time.Time) error {
	if len(workers) == 0 {
		_, err := fmt.Fprintln(w, "No worker that builds is running.")
		return err
	}
	for i, worker := range workers {
		if i > 0 {
			fmt.Fprintln(w)
		}
		state := fmt.Sprintf("%d of %d sandboxes, %d orphans reaped", len(worker.Sandboxes), worker.Max, worker.Reaped)
		if worker.Max == 0 { // it builds in processes of its own
			state = "nothing runs"
			if n := len(worker.Sandboxes); n > 0 {
				state = fmt.Sprintf("%d running", n)
			}
		}
		fmt.Fprintf(w, "%s  %s, %s\n", clean(worker.Worker), clean(isolationOf(worker)), state)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		if len(worker.Engines) > 0 {
			fmt.Fprintln(t, "  ENGINE\tCREATING\tWARM\tLEASED\tRUNNING\tDRAINING\tWAITING\tWARM HITS\tWAIT P50\tP99\tKILLS")
		}
		for _, e := range worker.Engines {
			p := e.Pool
			fmt.Fprintf(t, "  %s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\n", clean(e.Engine+"@"+e.Version), p.Creating, p.Warm, p.Leased,
				p.Running, p.Draining, p.Waiting, hits(e), microseconds(e.AcquireP50Us), microseconds(e.AcquireP99Us), kills(e.Kills))
		}
		if err := t.Flush(); err != nil {
			return err
		}
		for _, e := range worker.Engines {
			if e.Reason != "" {
				fmt.Fprintf(w, "  %s: %s\n", clean(e.Engine+"@"+e.Version), clean(e.Reason))
			}
		}
		if err := drawSandboxes(w, worker.Sandboxes, now); err != nil {
			return err
		}
	}
	return nil
}

// isolationOf says where a worker builds, and how its local processes are isolated.
func isolationOf(w apiclient.PoolWorker) string {
	switch {
	case w.Isolation == "" || w.Isolation == w.Sandbox:
		return w.Sandbox
	case w.Sandbox == "local":
		return w.Isolation + " processes"
	}
	return w.Sandbox + ", else " + w.Isolation + " processes"
}

// drawSandboxes lists the sandboxes that a job has.
func drawSandboxes(w io.Writer, sandboxes []apiclient.PoolSandbox, now time.Time) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	headed := false
	for _, s := range sandboxes {
		if s.JobID == nil {
			continue
		}
		if !headed {
			fmt.Fprintln(t, "  SANDBOX\tENGINE\tSTATE\tFOR\tJOB\tACCOUNT")
			headed = true
		}
		container, engine, account := "(process)", s.Engine, ""
		if s.Container != nil {
			container = *s.Container
		}
		if s.Version != nil {
			engine += "@" + *s.Version
		}
		if s.AccountID != nil {
			account = *s.AccountID
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\n", clean(container), clean(engine), clean(s.State),
			max(now.Sub(s.Since), 0).Round(100*time.Millisecond), clean(*s.JobID), clean(account))
	}
	return t.Flush()
}

// hits is how many acquires found a warm sandbox, "98% of 120".
func hits(e apiclient.PoolEngine) string {
	all := e.WarmAcquires + e.ColdAcquires
	if all == 0 {
		return "-"
	}
	return fmt.Sprintf("%d%% of %d", e.WarmAcquires*100/all, all)
}

func microseconds(n int64) string {
	d := time.Duration(n) * time.Microsecond
	if d >= time.Second {
		return d.Round(10 * time.Millisecond).String()
	}
	if d >= time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.String()
}

func kills(byReason map[string]int) string {
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		parts = append(parts, fmt.Sprintf("%d %s", byReason[reason], clean(reason)))
	}
	return cmp.Or(strings.Join(parts, ", "), "-")
}
