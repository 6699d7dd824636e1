package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/faults/checker"
	"github.com/spark-games/spark/tests/faults/inject"
)

// What there is an aim for.
const (
	AimRerun  = "worker killed: its jobs run elsewhere"
	AimFlush  = "redis flushed: all due work handed out again"
	AimAccept = "postgres back: accepting again"
)

// A worker's jobs are found lost when their leases have ended: between leaseLeast, since a lease is renewed a second after it was
// extended at the latest, and rerunWithin after its death.
const (
	leaseLeast  = jobs.LeaseDuration - jobs.RenewEvery - 200*time.Millisecond
	rerunWithin = 30 * time.Second
)

// Recoveries are the times of recovery by the type of the fault: for a worker that was killed, frozen or isolated, from the fault until
// each of its jobs ran elsewhere; for everything else, from the healing until jobs that were submitted after it, one to each API, had
// run.
func Recoveries(faults []inject.Record, stored *checker.Stored) map[string][]float64 {
	all := make(map[string][]float64)
	for _, f := range faults {
		if !takesWorker(f) {
			all[f.Type] = append(all[f.Type], f.Finished.Seconds())
		}
	}
	for _, j := range stored.Jobs {
		var lost *inject.Record
		for _, e := range j.Events {
			switch {
			case e.Type == models.EventRetrying && checker.CodeOf(e) == models.CodeWorkerLost:
				lost = takenBy(faults, e.CreatedAt)
			case e.Type == models.EventStarted && lost != nil:
				all[lost.Type] = append(all[lost.Type], e.CreatedAt.Sub(lost.At).Seconds())
				lost = nil
			}
		}
	}
	return all
}

// takesWorker reports whether a fault makes a worker lose its leases.
func takesWorker(f inject.Record) bool {
	return f.Type == inject.KillWorker || f.Type == inject.StopWorker || f.Type == inject.IsolateWorker
}

// takenBy is the fault that made a job lose its worker: the last one whose leases have ended by then. There is none when the database
// was in trouble at that time, which then delayed it.
func takenBy(faults []inject.Record, at time.Time) (by *inject.Record) {
	for i, f := range faults {
		switch {
		case f.Target == "postgres" && f.Covers(at.Add(-jobs.LeaseDuration), at, time.Second):
			return nil
		case takesWorker(f) && f.At.Before(at.Add(-leaseLeast)) && f.At.After(at.Add(-rerunWithin)):
			by = &faults[i]
		}
	}
	return by
}

// Aims are the times that there are aims for. The schedulers' logs say when they handed out what was lost.
func Aims(faults []inject.Record, stored *checker.Stored, schedulerLogs []string) (map[string][]float64, error) {
	all := map[string][]float64{AimRerun: Recoveries(faults, stored)[inject.KillWorker]}
	again, err := handedOut(schedulerLogs)
	if err != nil {
		return nil, err
	}
	for i, f := range faults {
		switch f.Type {
		case inject.RestartPostgres, inject.KillPostgres:
			all[AimAccept] = append(all[AimAccept], f.Accepted.Seconds())
		case inject.FlushRedis:
			end := f.At.Add(rerunWithin)
			if i+1 < len(faults) && faults[i+1].At.Before(end) {
				end = faults[i+1].At
			}
			last := 0.0
			for _, t := range again {
				if t.After(f.At) && t.Before(end) {
					last = max(last, t.Sub(f.At).Seconds())
				}
			}
			if last > 0 { // otherwise nothing was waiting in it
				all[AimFlush] = append(all[AimFlush], last)
			}
		}
	}
	return all, nil
}

// handedOut finds when jobs whose task was lost were dispatched again.
func handedOut(logs []string) (at []time.Time, err error) {
	for _, path := range logs {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var line struct {
				Time time.Time `json:"time"`
				Msg  string    `json:"msg"`
			}
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "dispatched jobs had no task and are dispatched again" {
				at = append(at, line.Time)
			}
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			return nil, err
		}
	}
	return at, nil
}
