package platform

import (
	"slices"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func showQueues(f *models.FlowFacts, transport []models.Queue, known bool) []openapi.Queue {
	slots := make(map[models.Kind]int)
	for _, w := range f.Workers {
		if w.State() == models.WorkerActive {
			for kind, n := range w.Slots {
				slots[kind] += n
			}
		}
	}
	data := make([]openapi.Queue, len(f.Queues))
	for i, q := range f.Queues {
		shown := openapi.Queue{Kind: q.Kind, Priority: q.Priority, Waiting: q.Waiting(), Due: q.Due, Scheduled: q.Scheduled, Blocked: q.Blocked,
			Suspects: q.Suspects, Dispatched: q.Dispatched, Running: q.Running, Slots: slots[q.Kind], More: q.More,
			OldestSeconds: q.Oldest.Seconds(), EndedLastMinute: q.Ended, DrainRate: q.Rate, Accounts: []openapi.WaitingAccount{}}
		if q.Rate > 0 && !q.More {
			shown.DrainedInSeconds = new(float64(q.Due+q.Dispatched) / q.Rate)
		}
		if at := slices.IndexFunc(f.Paused, func(p models.PausedKind) bool { return p.Kind == q.Kind }); at >= 0 {
			p := f.Paused[at]
			shown.Paused, shown.PausedAt, shown.PausedReason = true, kernel.UTC(&p.PausedAt), kernel.OrNull(p.Reason)
		}
		if known {
			shown.TransportPaused = new(slices.Contains(transport, q.Queue))
		}
		for _, a := range q.Accounts {
			shown.Accounts = append(shown.Accounts, openapi.WaitingAccount{AccountID: a.AccountID, Weight: a.Weight, State: a.State, Running: a.Busy,
				MaxRunning: a.Cap, MaxRunningPerEndUser: a.EndUserCap, OldestSeconds: a.Oldest.Seconds(), HeldBy: kernel.OrNull(string(a.Held()))})
		}
		data[i] = shown
	}
	return data
}

func showFlow(f models.Flow) openapi.Flow {
	t := f.Totals
	shown := openapi.Flow{At: f.At.UTC(), Flowing: f.Flowing, Binds: kernel.OrNull(string(f.Binds)), Sentence: f.Sentence, Limits: []openapi.BindingLimit{},
		Waiting: t.Waiting, Due: t.Due, Dispatched: t.Dispatched, Running: t.Running, Slots: t.Slots, Workers: t.Workers, EndedLastMinute: t.Ended,
		More:          t.More,
		OldestSeconds: t.Oldest.Seconds()}
	for _, l := range f.Limits {
		shown.Limits = append(shown.Limits, openapi.BindingLimit{Limit: l.Limit, Kind: kernel.OrNull(string(l.Kind)),
			Priority:  kernel.OrNull(string(l.Priority)),
			AccountID: kernel.OrNull(l.AccountID), Accounts: l.Accounts, Jobs: l.Jobs, Value: l.Value, LimitedTo: l.Limited, Blocks: l.Blocks,
			Sentence: l.Sentence})
	}
	return shown
}

func showCrew(w *models.Worker, sandboxes map[string][]openapi.PoolSandbox) openapi.Worker {
	shown := openapi.Worker{ID: w.ID, Name: w.Name, State: string(w.State()), Slots: make(map[string]int), Running: make(map[string]int), Busy: w.Busy,
		StartedAt: w.StartedAt.UTC(), SeenAt: w.SeenAt.UTC(), DrainAskedAt: kernel.UTC(w.DrainAskedAt), DrainedAt: kernel.UTC(w.DrainedAt)}
	for kind, n := range w.Slots {
		shown.Slots[string(kind)] = n
	}
	for kind, n := range w.Running {
		shown.Running[string(kind)] = n
	}
	if mine, ok := sandboxes[w.Name]; ok {
		shown.Sandboxes = &mine
	}
	return shown
}
