package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spark-games/spark/tests/bench/peers"
	"github.com/spark-games/spark/tests/bench/results"
)

// conditions are what a reader must know about how the figures came about.
const conditions = `All subjects ran in turns, in one run, on the same Postgres (fsync, synchronous_commit and full_page_writes on, %s of shared buffers) and
the same Redis (without persistence). A figure is the median of %d rounds, with the lowest and the highest. A round lasts until %s jobs were
submitted or %s have passed, whichever comes first; a backlog has %s jobs, and draining it ends after %s at the latest. Every round
begins with empty stores and a warmed-up process, and ends with a count of what the stores hold: a job that is lost, left over or done
twice fails the run.

- Each job does nothing, and carries the same %d bytes. Each peer may have %d connections to Postgres; a peer from npm has as many in each
  of its two processes, one of which submits while the other works.
- Spark is its library path in one process: store, service, dispatcher, repairer, sequencer, survey, asynq and executor, as the programs wire them.
  Over HTTP it is the programs themselves. The grown database holds %s finished jobs and as many that wait, of %d accounts.
- asynq keeps nothing of a finished task, and neither asynq nor BullMQ survives the loss of Redis. River, BullMQ and Spark keep the finished jobs;
  graphile-worker deletes them.
- asynq looks for tasks every 2 ms when it is idle, as it does in Spark (its default is a second); River fetches as in its own benchmark
  (cooldown 2 ms, poll 20 ms); graphile-worker fetches and completes in batches, as its documentation recommends.
- The time to the start of a handler counts from the moment at which a job was due to be submitted, even if the submission itself was late.
- Processor time and bytes written are those of the process that submits and works, its children, Postgres and Redis, for each job. Processor time is
  counted in hundredths of a second. Every round of a peer on Postgres begins just after a checkpoint, from which on a page is logged whole
  when it is first changed.
`

// write writes the whole report in Markdown.
func (r *run) write(ctx context.Context, w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Speed of jobs, compared\n\nWritten by `make bench` on %s.%s\n\n", time.Now().UTC().Format(time.DateOnly), r.Note)
	fmt.Fprintf(&b, "- Machine: %s\n- Versions: %s\n\n## Targets\n\n", machine(ctx), strings.Join(versions(ctx, r.servers), ", "))
	if _, err := r.results.TargetTable(targets, name).WriteTo(&b); err != nil {
		return err
	}
	fmt.Fprint(&b, "\n## Figures\n")
	for _, wl := range workloads {
		fmt.Fprintf(&b, "\n### %s\n\n", wl.title)
		if _, err := r.results.WorkloadTable(wl.id, wl.subjects, wl.figures, name).WriteTo(&b); err != nil {
			return err
		}
	}
	fmt.Fprint(&b, "\n## How it was measured\n\n")
	fmt.Fprintf(&b, conditions, r.servers.SharedBuffers, r.Rounds, results.Grouped(r.Jobs), r.For, results.Grouped(r.Backlog), r.Drain,
		peers.PayloadBytes(), peers.Connections, results.Grouped(r.Grown), peers.GrownAccounts)
	_, err := io.WriteString(w, b.String())
	return err
}

// save writes the report to a file, whole or not at all.
func (r *run) save(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".report-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left of it once it has its name
	if err := r.write(ctx, f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
