package guard

import (
	"fmt"
	"os"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// job is one job between its Start and its Done. While it lasts, nobody else writes to the host.
type job struct {
	g    *guard
	w    *worker
	runs bool // the plan runs programs
	last bool // the host sends no other
	open bool // a file is being passed on
	// credit is what the worker may still send: the host grants it, and the guard enforces it.
	credit protocol.Balance
	// overdue ends the guard when the job takes too long; nil when there is no limit.
	overdue *time.Timer
	over    chan struct{}
	left    chan struct{} // closed when nothing of this job writes to the host any more
}

func (j *job) isOver() bool {
	select {
	case <-j.over:
		return true
	default:
		return false
	}
}

// relay passes the worker's frames to the host until the job is done. A write error means that the host has ended, which closes
// stdin too.
func (j *job) relay() {
	defer close(j.left)
	for {
		f, err := j.w.r.Next()
		if err != nil {
			j.lost(err)
			return
		}
		if !j.credit.Spend(f.Type, len(f.Payload)) {
			j.lost(fmt.Errorf("%w: %s from the worker", protocol.ErrOverdrawn, f.Type))
			return
		}
		switch f.Type {
		case protocol.FileBegin, protocol.FileChunk, protocol.FileEnd, protocol.Log, protocol.Progress, protocol.Diagnostics,
			protocol.Credit:
			switch f.Type {
			case protocol.FileBegin:
				j.open = true
			case protocol.FileEnd:
				j.open = false
			}
			_ = j.g.out.Send(f.Type, f.Payload)
			if j.w.r.Waiting() == 0 {
				_ = j.g.out.Flush() // before the wait for more
			}
		case protocol.Done:
			end, err := protocol.Decode[protocol.End](f)
			if err != nil {
				j.lost(err)
				return
			}
			j.finish(end)
			return
		default:
			j.lost(fmt.Errorf("%w: %s from the worker", protocol.ErrUnexpected, f.Type))
			return
		}
	}
}

// finish ends the job as the worker reports: everything that it started is dead before the host is told.
func (j *job) finish(end protocol.End) {
	if end.Outcome != protocol.Succeeded && memoryKills() > j.g.kills {
		end = protocol.End{Outcome: protocol.OutOfMemory, Message: "the system ended a program of the build"}
	}
	err := j.g.still(j)
	if err == nil && j.runs {
		err = sound()
	}
	if j.overdue != nil {
		j.overdue.Stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "engine-agent:", err)
	}
	end.Retire = err != nil || j.last
	j.done(end)
}

// lost ends the job of a worker that has died or sends invalid frames, and with it the guard.
func (j *job) lost(err error) {
	j.g.family.killAll()
	said := j.w.stderr.String()
	switch {
	case j.open:
	case memoryKills() > j.g.kills:
		j.done(protocol.End{Outcome: protocol.OutOfMemory, Message: "the system ended the builder", Retire: true})
	case j.runs && said == "":
		// A job may kill what runs under its account, including its own builder, and harms only itself.
		list, _ := protocol.Encode([]engines.Diagnostic{{Severity: "error", Text: "the build ended its own builder"}})
		if j.credit.Spend(protocol.Diagnostics, len(list)) {
			_ = j.g.out.Send(protocol.Diagnostics, list)
		}
		j.done(protocol.End{Outcome: protocol.CompileFailed, Retire: true})
	}
	if said == "" {
		said = err.Error() + "\n"
	}
	fmt.Fprint(os.Stderr, said) // the host reads from it why the session ended
	os.Exit(1)
}

// done reports how the job ended. A guard that retires exits before the host can send another job.
func (j *job) done(end protocol.End) {
	payload, err := protocol.Encode(end)
	if err != nil {
		panic("an end is always JSON: " + err.Error())
	}
	if !end.Retire {
		close(j.over)
	}
	_ = j.g.out.Send(protocol.Done, payload)
	_ = j.g.out.Flush()
	if end.Retire {
		os.Exit(0)
	}
}
