package api

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/models"
)

// worker makes a worker known that has two slots for builds, and returns its name and id.
func (a *testAPI) worker() (name, id string) {
	a.t.Helper()
	id = models.NewID()
	_, err := a.store.Workers.Beat(a.t.Context(), models.Beat{Name: "host/1/" + id, Slots: models.Slots{models.KindBuild: 2}, Busy: 1})
	require.NoError(a.t, err)
	return "host/1/" + id, id
}

func TestPausesAreSeenAndHold(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	as := bearer(a.admin)
	a.worker()
	waiting := a.submit(models.KindBuild)
	p := decodeAs[openapi.KindPause](a.do("POST", "/v1/admin/queues/build/pause", `{"reason":"the disk"}`, as).want(200))
	require.True(t, p.Paused)
	f := decodeAs[openapi.Flow](a.do("GET", "/v1/admin/flow", "", as).want(200))
	require.False(t, f.Flowing)
	require.Equal(t, string(models.LimitKindPaused), *f.Binds)
	require.Contains(t, f.Sentence, "the disk")
	require.Equal(t, 1, f.Limits[0].Jobs)
	for _, q := range decodeAs[openapi.QueueList](a.do("GET", "/v1/admin/queues", "", as).want(200)).Data {
		require.Equal(t, q.Kind == models.KindBuild, q.Paused)
		if q.Kind == models.KindBuild && q.Priority == models.PriorityDefault {
			require.Equal(t, 1, q.Due)
			require.Equal(t, 2, q.Slots)
			require.Equal(t, waiting.AccountID, q.Accounts[0].AccountID)
		}
	}
	a.do("POST", "/v1/admin/queues/build/resume", "", as).want(200)
	a.do("POST", "/v1/admin/queues/nothing/pause", "", as).problem(404, models.CodeNotFound)

	account := a.newAccount()
	path := "/v1/admin/accounts/" + account
	require.Equal(t, models.AccountPaused, decodeAs[openapi.Account](a.do("POST", path+"/pause", "", as).want(200)).State)
	require.Equal(t, models.AccountPaused, decodeAs[openapi.Account](a.do("POST", path+"/pause", "", as).want(200)).State)
	require.Equal(t, models.AccountActive, decodeAs[openapi.Account](a.do("POST", path+"/resume", "", as).want(200)).State)
	a.do("PATCH", path, `{"state":"suspended"}`, as).want(200)
	a.do("POST", path+"/pause", "", as).problem(409, models.CodeConflict)
	a.do("POST", path+"/resume", "", as).problem(409, models.CodeConflict) // it would lift the suspension
	a.do("POST", "/v1/admin/accounts/"+models.NewID()+"/pause", "", as).problem(404, models.CodeNotFound)
	a.do("POST", "/v1/admin/accounts/"+models.SystemAccountID+"/pause", "", as).problem(403, models.CodeForbidden)
}

func TestFlowAnswersWithoutItsDependencies(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) {
		o.TransportPaused = func(context.Context) ([]models.Queue, error) { return nil, errors.New("no route") }
		o.Checks = func() []platform.Check { return []platform.Check{{Name: "database", Up: true}, {Name: "redis"}} }
	})
	as := bearer(a.auditor)
	f := decodeAs[openapi.Flow](a.do("GET", "/v1/admin/flow", "", as).want(200))
	require.False(t, f.Flowing)
	require.Equal(t, string(models.LimitRedisAway), *f.Binds)
	for _, q := range decodeAs[openapi.QueueList](a.do("GET", "/v1/admin/queues", "", as).want(200)).Data {
		require.Nil(t, q.TransportPaused)
	}
	broken := newTestAPI(t, func(o *Options) { o.Operations = away{o.Operations} })
	f = decodeAs[openapi.Flow](broken.do("GET", "/v1/admin/flow", "", bearer(broken.auditor)).want(200))
	require.Equal(t, string(models.LimitDatabaseAway), *f.Binds)
}

// A Redis that hangs delays nobody who asks what is wrong for long.
func TestFlowDoesNotWaitForRedis(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) {
		o.TransportPaused = func(ctx context.Context) ([]models.Queue, error) {
			until, ok := ctx.Deadline()
			require.True(t, ok)
			require.LessOrEqual(t, time.Until(until), time.Second)
			return nil, context.DeadlineExceeded
		}
		o.Workers = func(ctx context.Context) ([]models.WorkerReport, error) {
			until, ok := ctx.Deadline()
			require.True(t, ok)
			require.LessOrEqual(t, time.Until(until), time.Second)
			return nil, context.DeadlineExceeded
		}
	})
	f := decodeAs[openapi.Flow](a.do("GET", "/v1/admin/flow", "", bearer(a.auditor)).want(200))
	require.Equal(t, string(models.LimitRedisAway), *f.Binds)
	a.do("GET", "/v1/admin/queues", "", bearer(a.auditor)).want(200)
}

// away is a database that does not answer.
type away struct{ platform.Operations }

func (away) Flow(context.Context) (*models.FlowFacts, error) {
	return nil, models.NewError(models.CodeUnavailable, "no")
}

func TestWorkersAreListedAndDrained(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) {
		o.Workers = func(context.Context) ([]models.WorkerReport, error) {
			return []models.WorkerReport{{Worker: "host/1/other", Pool: models.PoolReport{Sandboxes: []models.SandboxReport{{Engine: "phaser", State: "warm"}}}}}, nil
		}
	})
	as := bearer(a.admin)
	name, id := a.worker()
	w := decodeAs[openapi.WorkerList](a.do("GET", "/v1/admin/workers", "", as).want(200)).Data[0]
	require.Equal(t, name, w.Name)
	require.Equal(t, "active", w.State)
	require.Equal(t, map[string]int{"build": 2}, w.Slots)
	require.Nil(t, w.Sandboxes)
	path := "/v1/admin/workers/" + id
	require.Equal(t, "draining", decodeAs[openapi.Worker](a.do("POST", path+"/drain", "", as).want(200)).State)
	a.submit(models.KindBuild)
	f := decodeAs[openapi.Flow](a.do("GET", "/v1/admin/flow", "", as).want(200))
	require.Equal(t, string(models.LimitWorkersDraining), *f.Binds)
	_, err := a.store.Workers.Beat(t.Context(), models.Beat{Name: name, Slots: models.Slots{models.KindBuild: 2}, Draining: true})
	require.NoError(t, err)
	require.Equal(t, "drained", decodeAs[openapi.WorkerList](a.do("GET", "/v1/admin/workers", "", as).want(200)).Data[0].State)
	require.Equal(t, "active", decodeAs[openapi.Worker](a.do("POST", path+"/resume", "", as).want(200)).State)
	a.do("POST", "/v1/admin/workers/"+models.NewID()+"/drain", "", as).problem(404, models.CodeNotFound)
	a.do("POST", "/v1/admin/workers/x/drain", "", as).problem(404, models.CodeNotFound)
	for _, key := range []string{a.key, a.auditor} {
		a.do("POST", path+"/drain", "", bearer(key)).problem(403, models.CodeForbidden)
	}
	a.do("GET", "/v1/admin/workers", "", bearer(a.key)).problem(403, models.CodeForbidden)
}

func TestStuckJobsOfAnyAccountAreCancelledAndRetried(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	as := bearer(a.admin)
	job := a.submitFor(a.newAccount(), models.KindBuild)
	a.claim(job)
	db := a.openDatabase()
	_, err := db.ExecContext(t.Context(), "UPDATE job_queue SET lease_expires_at = '2020-01-01 00:00:00.000+00:00' WHERE job_id = ?", job.ID)
	require.NoError(t, err)
	found := decodeAs[openapi.StuckJobList](a.do("GET", "/v1/admin/jobs/stuck?older_than=60&limit=5", "", as).want(200)).Data
	require.Len(t, found, 1)
	require.Equal(t, models.StuckExpired, found[0].Reason)
	require.Equal(t, job.ID, found[0].ID)
	require.Equal(t, job.AccountID, found[0].AccountID)
	require.Empty(t, decodeAs[openapi.StuckJobList](a.do("GET", "/v1/admin/jobs/stuck?reason=poisonous", "", as).want(200)).Data)
	a.do("GET", "/v1/admin/jobs/stuck?older_than=1", "", as).problem(400, models.CodeInvalidRequest)

	waiting := a.submitFor(a.newAccount(), models.KindBuild)
	require.Equal(t, models.StateCancelled, decodeAs[openapi.Job](a.do("POST", "/v1/admin/jobs/"+waiting.ID+"/cancel", "", as).want(202)).State)
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("POST", "/v1/admin/jobs/"+waiting.ID+"/retry", "", as).want(202)).State)
	a.do("POST", "/v1/admin/jobs/"+models.NewID()+"/cancel", "", as).problem(404, models.CodeNotFound)
	a.do("POST", "/v1/admin/jobs/"+waiting.ID+"/cancel", "", bearer(a.auditor)).problem(403, models.CodeForbidden)
}
